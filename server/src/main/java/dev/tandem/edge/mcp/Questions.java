package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolReply;
import dev.tandem.tool.ToolReply.Action;
import java.util.Optional;

/// Questions of a tool's, and their answers, as MCP has them.
final class Questions {
    private Questions() {}

    /// The method that asks a client.
    static String method(ToolQuestion question) {
        return switch (question) {
            case ToolQuestion.Form _, ToolQuestion.Page _ -> "elicitation/create";
            case ToolQuestion.Sampling _ -> "sampling/createMessage";
        };
    }

    static ObjectNode params(ToolQuestion question) {
        return switch (question) {
            case ToolQuestion.Form(String message, String schema) -> {
                ObjectNode params = Json.object().put("message", message);
                params.set("requestedSchema", Json.object(schema).orElseGet(Questions::noFields));
                yield params;
            }
            case ToolQuestion.Page(String message, String url, String id) ->
                    Json.object()
                            .put("mode", "url")
                            .put("message", message)
                            .put("url", url)
                            .put("elicitationId", id);
            case ToolQuestion.Sampling(_, String params) ->
                    Json.object(params).orElseGet(Json::object);
        };
    }

    private static ObjectNode noFields() {
        ObjectNode schema = Json.object().put("type", "object");
        schema.putObject("properties");
        return schema;
    }

    /// What a client's result means; empty where it is no answer to such a question.
    static Optional<ToolReply> reply(ToolQuestion question, JsonNode result) {
        return switch (question) {
            case ToolQuestion.Form _, ToolQuestion.Page _ -> elicited(result);
            case ToolQuestion.Sampling _ ->
                    result.has("content")
                            ? Optional.of(
                                    new ToolReply(Action.ACCEPT, Optional.of(result.toString())))
                            : Optional.empty();
        };
    }

    private static Optional<ToolReply> elicited(JsonNode result) {
        return switch (result.path("action").asText()) {
            case "accept" -> Optional.of(new ToolReply(Action.ACCEPT, content(result)));
            case "decline" -> Optional.of(ToolReply.DECLINED);
            case "cancel" -> Optional.of(ToolReply.CANCELLED);
            default -> Optional.empty();
        };
    }

    private static Optional<String> content(JsonNode result) {
        JsonNode content = result.path("content");
        return content.isObject() ? Optional.of(content.toString()) : Optional.empty();
    }
}
