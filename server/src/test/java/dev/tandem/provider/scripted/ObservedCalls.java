package dev.tandem.provider.scripted;

import dev.tandem.provider.ModelEvent;
import dev.tandem.provider.ModelRequest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/// Counts what an upstream would see, and lets a test wait for it.
public final class ObservedCalls implements ScriptedObserver {
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger produced = new AtomicInteger();
    private int closed;
    private long closedAtNanos;

    @Override
    public void asked(ModelRequest request) {
        count(asked);
    }

    @Override
    public void opened() {
        count(opened);
    }

    @Override
    public void produced(ModelEvent event) {
        count(produced);
    }

    @Override
    public synchronized void closed() {
        closed++;
        closedAtNanos = System.nanoTime();
        notifyAll();
    }

    public int askedCount() {
        return asked.get();
    }

    public int openedCount() {
        return opened.get();
    }

    public int producedCount() {
        return produced.get();
    }

    public synchronized int closedCount() {
        return closed;
    }

    /// Waits until a call has arrived.
    public void awaitAsked(Duration limit) throws InterruptedException {
        await("a call", this::askedCount, 1, limit);
    }

    /// Waits until so many events were produced.
    public void awaitProduced(int count, Duration limit) throws InterruptedException {
        await(count + " events", this::producedCount, count, limit);
    }

    /// Waits until a call is over, and returns when that was, as [System#nanoTime()].
    public synchronized long awaitClosed(Duration limit) throws InterruptedException {
        await("the end of a call", () -> closed, 1, limit);
        return closedAtNanos;
    }

    private synchronized void count(AtomicInteger counter) {
        counter.incrementAndGet();
        notifyAll();
    }

    private synchronized void await(String what, IntSupplier count, int wanted, Duration limit)
            throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (count.getAsInt() < wanted) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError("no sign of " + what + " within " + limit);
            }
            wait(Math.max(1, left / 1_000_000));
        }
    }
}
