package dev.tandem.mcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.conversation.Content;
import dev.tandem.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tools and their answers, from MCP's JSON to the words of this server.
final class McpMessages {
    private McpMessages() {}

    static McpTool tool(JsonNode tool) {
        JsonNode hints = tool.path("annotations");
        return new McpTool(
                tool.path("name").asText(),
                Optional.ofNullable(tool.path("title").textValue())
                        .or(() -> Optional.ofNullable(hints.path("title").textValue())),
                Optional.ofNullable(tool.path("description").textValue()),
                tool.path("inputSchema").toString(),
                flag(hints.path("readOnlyHint")),
                flag(hints.path("destructiveHint")));
    }

    private static Optional<Boolean> flag(JsonNode hint) {
        return hint.isBoolean() ? Optional.of(hint.asBoolean()) : Optional.empty();
    }

    /// @throws Failure INVALID_REQUEST, param `arguments`
    static JsonNode arguments(String json) {
        try {
            JsonNode arguments = RpcPeer.JSON.readTree(json.isBlank() ? "{}" : json);
            if (arguments.isObject()) {
                return arguments;
            }
        } catch (JsonProcessingException malformed) {
            throw Failure.invalid(
                    "arguments", "arguments are no JSON: " + malformed.getOriginalMessage() + ".");
        }
        throw Failure.invalid("arguments", "arguments must be a JSON object.");
    }

    static McpAnswer answer(JsonNode result) {
        List<Content> content = new ArrayList<>();
        result.path("content").forEach(piece -> content.add(content(piece)));
        JsonNode structured = result.path("structuredContent");
        return new McpAnswer(
                content,
                structured.isObject() ? Optional.of(structured.toString()) : Optional.empty(),
                result.path("isError").asBoolean());
    }

    /// What this server has no word for is handed on as the JSON that it is.
    private static Content content(JsonNode piece) {
        return switch (piece.path("type").asText()) {
            case "text" -> new Content.Text(piece.path("text").asText());
            case "image" ->
                    new Content.Image(
                            new Content.Source.Inline(
                                    piece.path("mimeType").asText(), piece.path("data").asText()),
                            Optional.empty());
            case "resource" -> resource(piece);
            default -> new Content.Text(piece.toString());
        };
    }

    private static Content resource(JsonNode piece) {
        JsonNode text = piece.path("resource").path("text");
        return new Content.Text(text.isTextual() ? text.asText() : piece.toString());
    }
}
