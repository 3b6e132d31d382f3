package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// A JSON-RPC message of a client.
sealed interface ClientMessage {
    /// Something that wants an answer.
    ///
    /// @param id a text or a whole number
    record Request(JsonNode id, String method, ObjectNode params) implements ClientMessage {}

    /// Something that wants none.
    record Notice(String method, ObjectNode params) implements ClientMessage {}

    /// The answer to a question of ours.
    ///
    /// @param result empty where the client refused
    record Reply(JsonNode id, Optional<JsonNode> result) implements ClientMessage {}
}
