package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Failure;
import java.io.Serial;
import java.util.Optional;

/// A JSON-RPC error to be answered.
final class RpcError extends RuntimeException {
    static final int NOT_JSON = -32700;
    static final int INVALID_REQUEST = -32600;
    static final int METHOD_NOT_FOUND = -32601;
    static final int INVALID_PARAMS = -32602;
    static final int INTERNAL = -32603;
    static final int SESSION_NOT_FOUND = -32001;
    static final int RESOURCE_NOT_FOUND = -32002;
    static final int HEADER_MISMATCH = -32020;
    static final int MISSING_CAPABILITY = -32021;
    static final int UNSUPPORTED_VERSION = -32022;

    /// What the field of a [Failure] begins with that says what the client cannot do, such as
    /// `capabilities.sampling`.
    static final String CAPABILITIES = "capabilities.";

    @Serial private static final long serialVersionUID = 1L;

    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ACCEPTABLE = 406;

    private final int status;
    private final int code;
    private final transient ObjectNode data;

    private RpcError(int status, int code, String message, ObjectNode data) {
        super(message);
        this.status = status;
        this.code = code;
        this.data = data;
    }

    private RpcError(int status, int code, String message) {
        this(status, code, message, Json.object());
    }

    static RpcError notJson(String message) {
        return new RpcError(BAD_REQUEST, NOT_JSON, message);
    }

    static RpcError invalidRequest(String message) {
        return new RpcError(BAD_REQUEST, INVALID_REQUEST, message);
    }

    /// A client that takes no kind of answer that there is.
    static RpcError notAcceptable(String message) {
        return new RpcError(NOT_ACCEPTABLE, INVALID_REQUEST, message);
    }

    static RpcError methodNotFound(String method) {
        return new RpcError(NOT_FOUND, METHOD_NOT_FOUND, "There is no method " + method + ".");
    }

    static RpcError invalidParams(String message) {
        return new RpcError(OK, INVALID_PARAMS, message);
    }

    /// What every request must have is missing.
    static RpcError missingMeta(String message) {
        return new RpcError(BAD_REQUEST, INVALID_PARAMS, message);
    }

    static RpcError sessionNotFound() {
        return new RpcError(
                NOT_FOUND,
                SESSION_NOT_FOUND,
                "There is no such session, or no longer; send initialize again.");
    }

    static RpcError resourceNotFound(String uri, Protocol protocol) {
        return new RpcError(
                OK,
                protocol.hasSessions() ? RESOURCE_NOT_FOUND : INVALID_PARAMS,
                "Resource not found: " + uri,
                Json.object().put("uri", uri));
    }

    static RpcError headerMismatch(String message) {
        return new RpcError(BAD_REQUEST, HEADER_MISMATCH, message);
    }

    static RpcError unsupportedVersion(String requested) {
        ObjectNode data = Json.object();
        Protocol.WORDS.forEach(data.putArray("supported")::add);
        return new RpcError(
                BAD_REQUEST,
                UNSUPPORTED_VERSION,
                "Unsupported protocol version: " + requested,
                data.put("requested", requested));
    }

    /// The error that tells a failure.
    static RpcError of(Failure failure) {
        Optional<String> capability =
                failure.param()
                        .filter(param -> param.startsWith(CAPABILITIES))
                        .map(param -> param.substring(CAPABILITIES.length()));
        if (capability.isPresent()) {
            ObjectNode data = Json.object();
            data.putObject("requiredCapabilities").putObject(capability.get());
            return new RpcError(BAD_REQUEST, MISSING_CAPABILITY, failure.text(), data);
        }
        int code =
                switch (failure.code()) {
                    case INVALID_REQUEST, NOT_FOUND -> INVALID_PARAMS;
                    case UNAUTHORIZED,
                            FORBIDDEN,
                            METHOD_NOT_ALLOWED,
                            UNSUPPORTED_MEDIA_TYPE,
                            RUN_IN_PROGRESS,
                            CONFLICT,
                            IDEMPOTENCY_CONFLICT,
                            ALREADY_EXISTS,
                            REQUEST_TOO_LARGE,
                            CANCELLED,
                            RATE_LIMITED,
                            QUOTA_EXCEEDED,
                            BUDGET_EXCEEDED,
                            OVERLOADED,
                            SHUTTING_DOWN,
                            INTERRUPTED,
                            UPSTREAM_ERROR,
                            UPSTREAM_UNAVAILABLE,
                            UPSTREAM_TIMEOUT,
                            INTERNAL ->
                            INTERNAL;
                };
        ObjectNode data = Json.object().put("code", failure.code().word());
        return new RpcError(OK, code, failure.text(), data);
    }

    /// Something went wrong that the client must not read.
    static RpcError internal() {
        return new RpcError(
                OK, INTERNAL, "Something went wrong in the server; its log has the request id.");
    }

    /// The status of an HTTP answer that is nothing but this.
    int status() {
        return status;
    }

    int code() {
        return code;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    /// More about it, for programs; may be empty.
    ObjectNode data() {
        return data;
    }
}
