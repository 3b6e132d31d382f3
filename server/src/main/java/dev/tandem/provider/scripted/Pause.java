package dev.tandem.provider.scripted;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// How a script waits between two words.
@FunctionalInterface
public interface Pause {
    /// In real time.
    Pause REAL = (closed, wait) -> closed.await(wait.toNanos(), TimeUnit.NANOSECONDS);

    /// Waits, but no longer than until the stream is closed.
    ///
    /// @return whether the stream is closed
    boolean closedWithin(CountDownLatch closed, Duration wait) throws InterruptedException;
}
