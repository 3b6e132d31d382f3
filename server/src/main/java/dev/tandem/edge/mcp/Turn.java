package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// A client's request, and where its answer goes.
///
/// @param id of the request
/// @param progressToken what news of the request must carry; empty where none is wanted
/// @param level the least that is told of what a server logs; empty where nothing is
record Turn(
        JsonNode id,
        ReplyStream stream,
        Optional<JsonNode> progressToken,
        Optional<LogLevel> level) {

    static Optional<JsonNode> progressToken(JsonNode params) {
        return Optional.of(params.path("_meta").path("progressToken"))
                .filter(token -> token.isTextual() || token.isNumber());
    }

    /// The same, for a client that has chosen another level since.
    Turn at(LogLevel least) {
        return new Turn(id, stream, progressToken, Optional.of(least));
    }

    void answer(ObjectNode result) {
        stream.answer(ServerMessages.result(id, result), 200);
    }

    /// @param status of an HTTP answer that is nothing but this
    void fail(RpcError error, int status) {
        stream.answer(ServerMessages.error(Optional.of(id), error), status);
    }
}
