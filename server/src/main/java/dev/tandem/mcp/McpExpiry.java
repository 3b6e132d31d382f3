package dev.tandem.mcp;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.io.Serial;

/// A server has forgotten our session and has not looked at what it was asked: the cause of the
/// [Failure] that tells it.
public final class McpExpiry extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    private McpExpiry() {
        super("the session has expired");
    }

    /// Whether it is what a failure tells.
    public static boolean isBehind(Failure failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof McpExpiry) {
                return true;
            }
        }
        return false;
    }

    static Failure failure() {
        return new Failure(
                FailureCode.UPSTREAM_UNAVAILABLE,
                "The MCP server no longer knows us: the session has expired.",
                new McpExpiry());
    }
}
