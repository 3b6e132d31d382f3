package dev.tandem.mcp;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.io.Serial;
import java.util.Optional;

/// A server's JSON-RPC error: the cause of the [Failure] that tells it.
public final class McpRefusal extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    private final int code;
    private final String dataJson;

    McpRefusal(int code, String message, String dataJson) {
        super(message);
        this.code = code;
        this.dataJson = dataJson;
    }

    /// The refusal behind a failure; empty where the server has not answered at all.
    public static Optional<McpRefusal> of(Failure failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof McpRefusal refusal) {
                return Optional.of(refusal);
            }
        }
        return Optional.empty();
    }

    /// The failure that tells it.
    Failure failure() {
        return new Failure(
                FailureCode.UPSTREAM_ERROR,
                "The MCP server refuses (%d): %s".formatted(code, getMessage()),
                this);
    }

    /// JSON-RPC's code, such as -32602.
    public int code() {
        return code;
    }

    /// What the server says beside its message, as JSON text; empty where it says nothing.
    public Optional<String> dataJson() {
        return dataJson.isEmpty() ? Optional.empty() : Optional.of(dataJson);
    }
}
