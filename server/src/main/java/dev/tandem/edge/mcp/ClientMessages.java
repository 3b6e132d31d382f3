package dev.tandem.edge.mcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.edge.mcp.ClientMessage.Notice;
import dev.tandem.edge.mcp.ClientMessage.Reply;
import dev.tandem.edge.mcp.ClientMessage.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a client has sent in one request.
///
/// @param messages at least one
/// @param batch whether they came as a list
record ClientMessages(List<ClientMessage> messages, boolean batch) {
    private static final int BATCH_MAX = 100;

    /// Reads a body.
    ///
    /// @throws RpcError where it is no JSON, or no JSON-RPC
    static ClientMessages read(byte[] body) {
        JsonNode root = root(body);
        if (!root.isArray()) {
            return new ClientMessages(List.of(message(root)), false);
        }
        if (root.isEmpty() || root.size() > BATCH_MAX) {
            throw RpcError.invalidRequest(
                    "A batch must have from 1 to " + BATCH_MAX + " messages, had " + root.size());
        }
        List<ClientMessage> messages = new ArrayList<>();
        root.forEach(each -> messages.add(message(each)));
        return new ClientMessages(List.copyOf(messages), true);
    }

    /// The requests among the messages.
    List<Request> requests() {
        return messages.stream()
                .filter(Request.class::isInstance)
                .map(Request.class::cast)
                .toList();
    }

    /// The first request, where there is one.
    Optional<Request> request() {
        return requests().stream().findFirst();
    }

    private static JsonNode root(byte[] body) {
        try {
            JsonNode root = Json.MAPPER.readTree(body);
            if (root != null && !root.isMissingNode()) {
                return root;
            }
        } catch (JsonProcessingException malformed) {
            throw RpcError.notJson("The body is no JSON: " + malformed.getOriginalMessage());
        } catch (IOException unreadable) {
            throw RpcError.notJson("The body must be JSON encoded as UTF-8.");
        }
        throw RpcError.notJson("The body is empty; send a JSON-RPC message.");
    }

    private static ClientMessage message(JsonNode node) {
        if (!node.isObject() || !node.path("jsonrpc").asText().equals("2.0")) {
            throw RpcError.invalidRequest("A message must be an object with jsonrpc: \"2.0\".");
        }
        JsonNode method = node.path("method");
        if (method.isTextual()) {
            ObjectNode params = params(node.path("params"));
            return node.has("id")
                    ? new Request(id(node.get("id")), method.asText(), params)
                    : new Notice(method.asText(), params);
        }
        if (method.isMissingNode() && node.has("id") && (node.has("result") || node.has("error"))) {
            return new Reply(id(node.get("id")), Optional.ofNullable(node.get("result")));
        }
        throw RpcError.invalidRequest("A message must have a method, or an id and a result.");
    }

    private static JsonNode id(JsonNode id) {
        if (!id.isTextual() && !id.isIntegralNumber()) {
            throw RpcError.invalidRequest("The id must be a text or a whole number, was " + id);
        }
        return id;
    }

    private static ObjectNode params(JsonNode params) {
        if (params.isMissingNode()) {
            return Json.object();
        }
        if (params instanceof ObjectNode object) {
            return object;
        }
        throw RpcError.invalidRequest("params must be an object.");
    }
}
