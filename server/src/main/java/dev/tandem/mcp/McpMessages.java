package dev.tandem.mcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.conversation.Content;
import dev.tandem.failure.Failure;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolHints;
import dev.tandem.tool.ToolOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tools and their answers, from MCP's JSON to the words of this server.
final class McpMessages {
    private McpMessages() {}

    static ToolDefinition tool(JsonNode tool) {
        JsonNode hints = tool.path("annotations");
        return new ToolDefinition(
                tool.path("name").asText(),
                text(tool.path("title")).or(() -> text(hints.path("title"))),
                text(tool.path("description")),
                tool.path("inputSchema").toString(),
                tool.path("outputSchema").isObject()
                        ? Optional.of(tool.path("outputSchema").toString())
                        : Optional.empty(),
                new ToolHints(
                        flag(hints.path("readOnlyHint")),
                        flag(hints.path("destructiveHint")),
                        flag(hints.path("idempotentHint")),
                        flag(hints.path("openWorldHint"))),
                tool.toString());
    }

    private static Optional<String> text(JsonNode node) {
        return Optional.ofNullable(node.textValue());
    }

    private static Optional<Boolean> flag(JsonNode hint) {
        return hint.isBoolean() ? Optional.of(hint.asBoolean()) : Optional.empty();
    }

    /// @throws Failure INVALID_REQUEST, naming `param`
    static JsonNode object(String param, String json) {
        try {
            JsonNode object = RpcPeer.JSON.readTree(json.isBlank() ? "{}" : json);
            if (object.isObject()) {
                return object;
            }
        } catch (JsonProcessingException malformed) {
            throw Failure.invalid(
                    param, param + " are no JSON: " + malformed.getOriginalMessage() + ".");
        }
        throw Failure.invalid(param, param + " must be a JSON object.");
    }

    static ToolOutput output(JsonNode result) {
        List<Content> content = new ArrayList<>();
        result.path("content").forEach(piece -> content.add(content(piece)));
        JsonNode structured = result.path("structuredContent");
        return new ToolOutput(
                content,
                structured.isObject() ? Optional.of(structured.toString()) : Optional.empty(),
                result.path("isError").asBoolean(),
                Optional.of(result.toString()));
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
