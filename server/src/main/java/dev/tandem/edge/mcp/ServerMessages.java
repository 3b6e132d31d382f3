package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// JSON-RPC messages of ours.
final class ServerMessages {
    private ServerMessages() {}

    static ObjectNode result(JsonNode id, ObjectNode result) {
        ObjectNode message = message();
        message.set("id", id);
        message.set("result", result);
        return message;
    }

    /// @param id of the request; empty where it could not be read
    static ObjectNode error(Optional<JsonNode> id, RpcError error) {
        ObjectNode message = message();
        id.ifPresent(known -> message.set("id", known));
        ObjectNode object = message.putObject("error");
        object.put("code", error.code()).put("message", error.text());
        if (!error.data().isEmpty()) {
            object.set("data", error.data());
        }
        return message;
    }

    static ObjectNode notice(String method, ObjectNode params) {
        ObjectNode message = message().put("method", method);
        message.set("params", params);
        return message;
    }

    static ObjectNode request(String id, String method, ObjectNode params) {
        ObjectNode message = message().put("id", id).put("method", method);
        message.set("params", params);
        return message;
    }

    private static ObjectNode message() {
        return Json.object().put("jsonrpc", "2.0");
    }
}
