package dev.tandem.mcp;

import java.time.Duration;
import java.util.Optional;

/// Limits of one connection.
///
/// @param startMax how long a server may take from its start to its first answers, and for each
///     answer that is not a tool's
/// @param probeMax how long a server may take to say whether it speaks the stateless protocol,
///     before it is greeted the old way
/// @param pagesMax the most pages that a list may have
/// @param protocol the one protocol version to speak; empty agrees with the server on the newest
///     that both know, which costs a question more
public record McpSettings(
        Duration startMax, Duration probeMax, int pagesMax, Optional<String> protocol) {
    public static final McpSettings DEFAULTS =
            new McpSettings(Duration.ofSeconds(30), Duration.ofSeconds(3), 100, Optional.empty());

    public McpSettings {
        if (!startMax.isPositive() || !probeMax.isPositive() || pagesMax < 1) {
            throw new IllegalArgumentException("mcp: limits must be positive");
        }
        if (protocol.isPresent() && !Agreement.VERSIONS.contains(protocol.get())) {
            throw new IllegalArgumentException(
                    "mcp: protocol must be one of "
                            + Agreement.VERSIONS
                            + ", was "
                            + protocol.get());
        }
    }

    /// The same limits with one protocol version, such as the one that was agreed on last time.
    public McpSettings withProtocol(String version) {
        return new McpSettings(startMax, probeMax, pagesMax, Optional.of(version));
    }
}
