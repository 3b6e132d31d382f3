package dev.tandem.mcp.http;

import java.time.Duration;

/// Limits of a server that is reached over HTTP. How long an answer may take is not among them:
/// whoever asks says when it has waited enough. A stream that waits for what the server may say
/// by itself may be silent for ever.
///
/// @param accept how long the server may take to accept a message that has no answer, and to name
///     the address for messages where the old transport is spoken
/// @param leave how long the goodbye may take
/// @param pause before a stream is taken up again, where the server names no other
/// @param pauseMax what the pause grows to while that fails
/// @param attemptsMax how often in a row it may fail
/// @param messageBytesMax the most bytes of one message from the server
public record HttpLimits(
        Duration accept,
        Duration leave,
        Duration pause,
        Duration pauseMax,
        int attemptsMax,
        int messageBytesMax) {
    public static final HttpLimits DEFAULTS =
            new HttpLimits(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(30),
                    5,
                    32 << 20);

    public HttpLimits {
        if (!accept.isPositive()
                || !leave.isPositive()
                || !pause.isPositive()
                || pauseMax.compareTo(pause) < 0
                || attemptsMax < 1
                || messageBytesMax < 1024) {
            throw new IllegalArgumentException(
                    "mcp.http: limits must be positive, pauseMax at least pause and"
                            + " messageBytesMax at least 1024");
        }
    }
}
