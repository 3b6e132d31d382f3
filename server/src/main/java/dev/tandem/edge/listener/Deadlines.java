package dev.tandem.edge.listener;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// The deadlines of all connections. One thread looks at them in turn, so that setting and clearing
/// one, which every request does, is a single write to memory and not a timer.
final class Deadlines implements AutoCloseable {

    private static final Duration PERIOD_MIN = Duration.ofMillis(10);
    private static final Duration PERIOD_MAX = Duration.ofMillis(200);

    private final Set<Deadline> open = ConcurrentHashMap.newKeySet();
    private final long periodNanos;
    private volatile boolean closed;

    /// @param shortest the shortest time-out that will be set; deadlines are at most a tenth of it
    ///     late
    Deadlines(Duration shortest) {
        Duration period = shortest.dividedBy(10);
        period = period.compareTo(PERIOD_MIN) < 0 ? PERIOD_MIN : period;
        period = period.compareTo(PERIOD_MAX) > 0 ? PERIOD_MAX : period;
        periodNanos = period.toNanos();
        Thread.ofPlatform().daemon().name("listener-deadlines").start(this::sweep);
    }

    /// @param missed what to do when the deadline passes: brief, and never blocking
    Deadline open(Runnable missed) {
        Deadline deadline = new Deadline(this, missed);
        open.add(deadline);
        return deadline;
    }

    void remove(Deadline deadline) {
        open.remove(deadline);
    }

    private void sweep() {
        while (!closed) {
            LockSupport.parkNanos(periodNanos);
            long now = System.nanoTime();
            for (Deadline deadline : open) {
                deadline.check(now);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
