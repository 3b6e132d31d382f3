package dev.tandem.hub;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait before the next try: twice as long each time, up to a limit, and up to a
/// quarter of it less, so that those who failed together do not try together.
record Backoff(Duration min, Duration max, RandomGenerator random) {
    /// @param failures in a row, one at least
    Duration after(int failures) {
        long doubled = min.toMillis() << Math.min(failures - 1, 20);
        long whole = Math.min(doubled, max.toMillis());
        return Duration.ofMillis(whole - (long) (whole * random.nextDouble() / 4));
    }
}
