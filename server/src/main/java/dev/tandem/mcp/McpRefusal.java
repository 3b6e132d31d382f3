package dev.tandem.mcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.io.Serial;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A server's JSON-RPC error: the cause of the [Failure] that tells it.
public final class McpRefusal extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    private final int code;
    private final String dataJson;

    McpRefusal(int code, String message) {
        this(code, message, "");
    }

    private McpRefusal(int code, String message, String dataJson) {
        super(message);
        this.code = code;
        this.dataJson = dataJson;
    }

    /// @param error JSON-RPC's `error`, or what a server takes for one
    static McpRefusal of(JsonNode error) {
        return new McpRefusal(
                error.path("code").asInt(),
                error.isTextual()
                        ? error.asText()
                        : error.path("message").asText("no reason given"),
                error.path("data").toString());
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
                "The MCP server refuses (%d): %s".formatted(code, text()),
                this);
    }

    /// The same refusal, with what the server says made fit to be shown.
    public McpRefusal masked(UnaryOperator<String> mask) {
        return new McpRefusal(code, mask.apply(text()), mask.apply(dataJson));
    }

    /// What the server says.
    public String text() {
        String message = getMessage();
        return message == null ? "" : message;
    }

    /// JSON-RPC's code, such as -32602.
    public int code() {
        return code;
    }

    /// What the server says beside its message; nothing where it is no JSON.
    JsonNode data() {
        try {
            return RpcMessages.JSON.readTree(dataJson);
        } catch (JsonProcessingException none) {
            return MissingNode.getInstance();
        }
    }

    /// What the server says beside its message, as JSON text; empty where it says nothing.
    public Optional<String> dataJson() {
        return dataJson.isEmpty() ? Optional.empty() : Optional.of(dataJson);
    }
}
