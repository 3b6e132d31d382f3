package dev.tandem.run;

import java.time.Duration;

/// Limits of runs.
///
/// @param liveMax the most runs in progress at once
/// @param logCharsMax the most characters that one run may say
/// @param stopLimit how long to wait for a run that was stopped
/// @param heartbeat the silence after which a reader of a stream gets a sign of life
public record RunSettings(int liveMax, long logCharsMax, Duration stopLimit, Duration heartbeat) {
    public static final RunSettings DEFAULTS =
            new RunSettings(10_000, 32L << 20, Duration.ofSeconds(2), Duration.ofSeconds(15));

    public RunSettings {
        require(liveMax >= 1, "runs.live-max must be at least 1, was " + liveMax);
        require(logCharsMax >= 1, "runs.log-chars-max must be at least 1, was " + logCharsMax);
        require(!stopLimit.isNegative(), "runs.stop-limit must not be negative");
        require(heartbeat.isPositive(), "runs.heartbeat must be positive");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
