package dev.tandem.run;

import java.time.Duration;

/// Limits of runs.
///
/// @param liveMax the most runs in progress at once
/// @param logCharsMax the most characters that one run may say
/// @param stopLimit how long to wait for a run that was stopped
/// @param heartbeat the silence after which a reader of a stream gets a sign of life
/// @param detachedMax how long a kept run goes on after its last reader left
/// @param retention how long a kept run can be followed again after its end
/// @param queueMax the most runs that wait in one session
public record RunSettings(
        int liveMax,
        long logCharsMax,
        Duration stopLimit,
        Duration heartbeat,
        Duration detachedMax,
        Duration retention,
        int queueMax) {
    public static final RunSettings DEFAULTS =
            new RunSettings(
                    10_000,
                    32L << 20,
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(15),
                    Duration.ofMinutes(10),
                    Duration.ofHours(24),
                    16);

    public RunSettings {
        require(liveMax >= 1, "runs.live-max must be at least 1, was " + liveMax);
        require(logCharsMax >= 1, "runs.log-chars-max must be at least 1, was " + logCharsMax);
        require(!stopLimit.isNegative(), "runs.stop-limit must not be negative");
        require(heartbeat.isPositive(), "runs.heartbeat must be positive");
        require(!detachedMax.isNegative(), "runs.detached-max must not be negative");
        require(!retention.isNegative(), "runs.retention must not be negative");
        require(queueMax >= 0, "runs.queue-max must not be negative, was " + queueMax);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
