package dev.tandem.toolbox;

import java.time.Duration;

/// Limits of offers and calls.
///
/// @param listTimeout how long a server may take to tell its tools
/// @param toolsMax the most tools of one offer
/// @param timeout how long a call may take, without the wait for people
/// @param outputBytesMax the most text of one answer, in bytes of UTF-8; the same for its
///     structured form
/// @param imageBytesMax the largest picture, document or sound of an answer
/// @param perServerMax the most calls that one server gets at once; further ones wait
public record ToolboxSettings(
        Duration listTimeout,
        int toolsMax,
        Duration timeout,
        int outputBytesMax,
        int imageBytesMax,
        int perServerMax) {
    public static final ToolboxSettings DEFAULTS =
            new ToolboxSettings(
                    Duration.ofSeconds(10), 128, Duration.ofMinutes(2), 256 << 10, 5 << 20, 16);

    public ToolboxSettings {
        require(listTimeout.toMillis() >= 1, "list-timeout must be at least 1 ms", listTimeout);
        require(toolsMax >= 1, "tools-max must be at least 1", toolsMax);
        require(timeout.toMillis() >= 1, "timeout must be at least 1 ms", timeout);
        require(outputBytesMax >= 256, "output-bytes-max must be at least 256", outputBytesMax);
        require(imageBytesMax >= 0, "image-bytes-max must be at least 0", imageBytesMax);
        require(perServerMax >= 1, "per-server-max must be at least 1", perServerMax);
    }

    private static void require(boolean holds, String message, Object was) {
        if (!holds) {
            throw new IllegalArgumentException("mcp.calls." + message + ", was " + was);
        }
    }
}
