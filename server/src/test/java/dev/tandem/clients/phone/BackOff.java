package dev.tandem.clients.phone;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long a phone waits before it connects again: twice as long after each attempt that brought
/// nothing, and never exactly as long as others do.
///
/// @param first the longest first wait
/// @param most the longest wait
record BackOff(Duration first, Duration most) {
    /// For a person who waits.
    static final BackOff OF_A_PHONE = new BackOff(Duration.ofMillis(500), Duration.ofSeconds(30));

    /// For a test.
    static final BackOff SHORT = new BackOff(Duration.ofMillis(2), Duration.ofMillis(100));

    private static final int DOUBLINGS_MAX = 10;

    /// Between half of the longest wait and all of it.
    ///
    /// @param attempts in a row that brought nothing
    Duration afterFailures(int attempts, RandomGenerator random) {
        long longest =
                Math.min(
                        most.toNanos(),
                        first.toNanos() << Math.min(DOUBLINGS_MAX, Math.max(0, attempts - 1)));
        return Duration.ofNanos(longest / 2 + random.nextLong(longest / 2 + 1));
    }
}
