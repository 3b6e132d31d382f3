package dev.tandem.approval;

import java.time.Duration;

/// How long approvals wait and are kept.
///
/// @param timeout after which one counts as denied
/// @param openMax the most that are open at once, per tenant
/// @param retention how long one is kept after it was decided
public record ApprovalSettings(Duration timeout, int openMax, Duration retention) {
    public static final ApprovalSettings DEFAULTS =
            new ApprovalSettings(Duration.ofMinutes(10), 1_000, Duration.ofDays(30));

    public ApprovalSettings {
        require(timeout.toMillis() >= 1, "timeout must be at least 1 ms, was " + timeout);
        require(openMax >= 1, "open-max must be at least 1, was " + openMax);
        require(retention.toMillis() >= 1, "retention must be at least 1 ms, was " + retention);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException("mcp.approvals." + message);
        }
    }
}
