package dev.tandem.engine;

import java.time.Duration;

/// Limits of the loop in which a model calls this server's tools.
///
/// @param stepsMax how often a model is asked in one run; the last time without tools
/// @param parallelMax how many calls of one run are at work at once
/// @param totalMax how long the calls of one run may take in all, waiting for people included
public record LoopSettings(int stepsMax, int parallelMax, Duration totalMax) {
    public static final LoopSettings DEFAULTS = new LoopSettings(50, 8, Duration.ofHours(1));

    public LoopSettings {
        require(stepsMax >= 2, "mcp.loop.steps-max must be at least 2, was " + stepsMax);
        require(parallelMax >= 1, "mcp.loop.parallel-max must be at least 1, was " + parallelMax);
        require(totalMax.isPositive(), "mcp.loop.total-max must be positive");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
