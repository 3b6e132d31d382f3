package dev.tandem.edge.listener;

import java.time.Duration;

/// The moment by which a connection must have made its next step, if there is one.
final class Deadline implements AutoCloseable {

    private static final long NONE = 0;

    private final Deadlines owner;
    private final Runnable missed;
    private volatile long atNanos = NONE;

    Deadline(Deadlines owner, Runnable missed) {
        this.owner = owner;
        this.missed = missed;
    }

    void in(Duration time) {
        long at = System.nanoTime() + time.toNanos();
        atNanos = at == NONE ? at + 1 : at;
    }

    void clear() {
        atNanos = NONE;
    }

    boolean isSet() {
        return atNanos != NONE;
    }

    /// Acts if the moment has passed. Called by the sweep alone, so it acts once.
    void check(long nowNanos) {
        long at = atNanos;
        if (at != NONE && nowNanos - at >= 0) {
            atNanos = NONE;
            missed.run();
        }
    }

    @Override
    public void close() {
        clear();
        owner.remove(this);
    }
}
