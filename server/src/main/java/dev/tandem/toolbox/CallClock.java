package dev.tandem.toolbox;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// The time of one call. It stands still while people are asked. Safe for use by many threads.
final class CallClock {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final LongSupplier ticker;
    private final long limitNanos;
    private long usedNanos;
    private long since;
    private int pauses;
    private boolean ended;

    /// @param ticker nanoseconds since some time, as [System#nanoTime] counts them
    CallClock(Duration limit, LongSupplier ticker) {
        this.limitNanos = limit.toNanos();
        this.ticker = ticker;
        this.since = ticker.getAsLong();
    }

    /// Waits until the call ends or its time is over, and says whether it ended.
    boolean awaitEnd() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!ended) {
                long left = limitNanos - used();
                if (left <= 0) {
                    return false;
                }
                if (pauses > 0) {
                    changed.await();
                } else {
                    boolean _ = changed.await(left, TimeUnit.NANOSECONDS);
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// The call has ended.
    void end() {
        change(
                () -> {
                    usedNanos = used();
                    since = ticker.getAsLong();
                    ended = true;
                });
    }

    /// Stands still, until [#resume] was called as often.
    void pause() {
        change(
                () -> {
                    usedNanos = used();
                    pauses++;
                });
    }

    void resume() {
        change(
                () -> {
                    usedNanos = used();
                    since = ticker.getAsLong();
                    pauses--;
                });
    }

    /// What the call has used of its time.
    Duration taken() {
        lock.lock();
        try {
            return Duration.ofNanos(used());
        } finally {
            lock.unlock();
        }
    }

    private long used() {
        return pauses > 0 || ended ? usedNanos : usedNanos + ticker.getAsLong() - since;
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
