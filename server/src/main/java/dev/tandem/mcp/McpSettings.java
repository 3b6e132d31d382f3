package dev.tandem.mcp;

import java.time.Duration;

/// Limits of one connection.
///
/// @param startMax how long a server may take from its start to its first answers
/// @param callMax how long a call of a tool may take
/// @param pagesMax the most pages that a list may have
public record McpSettings(Duration startMax, Duration callMax, int pagesMax) {
    public static final McpSettings DEFAULTS =
            new McpSettings(Duration.ofSeconds(30), Duration.ofMinutes(5), 100);

    public McpSettings {
        if (!startMax.isPositive() || !callMax.isPositive() || pagesMax < 1) {
            throw new IllegalArgumentException("mcp: limits must be positive");
        }
    }
}
