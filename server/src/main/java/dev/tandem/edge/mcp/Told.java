package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.io.Serial;
import java.util.Optional;

/// A JSON-RPC error on its way through the pipeline, which counts failures: the cause of one.
final class Told extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    private final RpcError error;
    private final transient Optional<JsonNode> id;

    /// @param id of the request at fault, where it could be read
    Told(RpcError error, Optional<JsonNode> id) {
        super(error);
        this.error = error;
        this.id = id;
    }

    Failure failure() {
        FailureCode code =
                switch (error.code()) {
                    case RpcError.SESSION_NOT_FOUND, RpcError.METHOD_NOT_FOUND ->
                            FailureCode.NOT_FOUND;
                    default -> FailureCode.INVALID_REQUEST;
                };
        return new Failure(code, error.text(), this);
    }

    static Optional<Told> behind(Failure failure) {
        return failure.getCause() instanceof Told told ? Optional.of(told) : Optional.empty();
    }

    RpcError error() {
        return error;
    }

    String json() {
        return Json.text(ServerMessages.error(id, error));
    }
}
