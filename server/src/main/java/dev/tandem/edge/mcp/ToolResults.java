package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.conversation.Content;
import dev.tandem.conversation.Content.Source;
import dev.tandem.tool.ToolOutput;
import dev.tandem.toolbox.CallOutcome;
import java.util.Optional;

/// What a tool has answered, as MCP has it: as it came from its server, where it came from one.
final class ToolResults {
    private ToolResults() {}

    static ObjectNode of(CallOutcome outcome) {
        ToolOutput output = outcome.output();
        ObjectNode result = output.json().flatMap(Json::object).orElseGet(() -> made(output));
        if (outcome.status() != CallOutcome.Status.SUCCEEDED || output.failed()) {
            result.put("isError", true);
        }
        return result;
    }

    private static ObjectNode made(ToolOutput output) {
        ObjectNode result = Json.object();
        ArrayNode content = result.putArray("content");
        output.content().forEach(piece -> content.add(piece(piece)));
        output.structuredJson()
                .flatMap(Json::object)
                .ifPresent(structured -> result.set("structuredContent", structured));
        return result;
    }

    private static ObjectNode piece(Content content) {
        return switch (content) {
            case Content.Text(String text) -> text(text);
            case Content.Image(Source source, _) -> source(source, "image", Optional.empty());
            case Content.Document(Source source, Optional<String> name) ->
                    source(source, "resource", name);
            case Content.Audio(String base64, String format) ->
                    Json.object()
                            .put("type", "audio")
                            .put("data", base64)
                            .put("mimeType", "audio/" + (format.equals("mp3") ? "mpeg" : format));
            case Content.Reasoning(String text) -> text(text);
            case Content.Refusal(String text) -> text(text);
            case Content.ToolUse use -> text(use.argumentsJson());
            case Content.ToolResult result -> text(result.content().toString());
        };
    }

    private static ObjectNode text(String text) {
        return Json.object().put("type", "text").put("text", text);
    }

    private static ObjectNode source(Source source, String type, Optional<String> name) {
        return switch (source) {
            case Source.Remote(String url) ->
                    Json.object()
                            .put("type", "resource_link")
                            .put("uri", url)
                            .put("name", name.orElse(url));
            case Source.Inline(String mediaType, String base64) ->
                    type.equals("image")
                            ? Json.object()
                                    .put("type", type)
                                    .put("data", base64)
                                    .put("mimeType", mediaType)
                            : embedded(mediaType, base64, name.orElse("document"));
        };
    }

    private static ObjectNode embedded(String mediaType, String base64, String name) {
        ObjectNode piece = Json.object().put("type", "resource");
        piece.putObject("resource")
                .put("uri", "attachment:" + name)
                .put("mimeType", mediaType)
                .put("blob", base64);
        return piece;
    }
}
