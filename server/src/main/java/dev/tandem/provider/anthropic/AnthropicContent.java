package dev.tandem.provider.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tandem.conversation.Content;
import dev.tandem.failure.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Content as Anthropic's blocks.
final class AnthropicContent {
    /// What Anthropic reads as a picture (vision guide).
    private static final Set<String> IMAGES =
            Set.of("image/jpeg", "image/png", "image/gif", "image/webp");

    private AnthropicContent() {}

    /// Refuses what Claude cannot read.
    static void check(List<Content> contents) {
        for (Content content : contents) {
            switch (content) {
                case Content.Audio _ ->
                        throw Failure.invalid(
                                "messages", "messages hold input_audio, which Claude cannot hear");
                case Content.Image(Content.Source.Inline(String type, _), _)
                        when !IMAGES.contains(type) ->
                        throw Failure.invalid(
                                "messages",
                                "messages hold an image of the type "
                                        + type
                                        + "; Claude reads jpeg, png, gif and webp");
                case Content.Document(Content.Source.Inline(String type, _), _)
                        when !isPdf(type) && !type.startsWith("text/") ->
                        throw Failure.invalid(
                                "messages",
                                "messages hold a file of the type "
                                        + type
                                        + "; Claude reads PDF and text");
                case Content.ToolUse _ ->
                        throw Failure.invalid(
                                "messages", "tool calls may stand in assistant messages only");
                default -> {
                    // readable
                }
            }
        }
    }

    static void writeText(String text, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "text");
        json.writeStringField("text", text);
        json.writeEndObject();
    }

    static void write(Content content, JsonGenerator json) throws IOException {
        switch (content) {
            case Content.Text(String text) -> writeText(text, json);
            case Content.Refusal(String text) -> writeText(text, json);
            case Content.Image(Content.Source source, _) -> {
                json.writeStartObject();
                json.writeStringField("type", "image");
                writeSource(source, json);
                json.writeEndObject();
            }
            case Content.Document document -> writeDocument(document, json);
            case Content.ToolUse call -> writeToolUse(call, json);
            case Content.ToolResult result -> writeToolResult(result, json);
            case Content.Reasoning _, Content.Audio _ -> {
                // thoughts are never sent as text; audio was refused
            }
        }
    }

    private static void writeToolUse(Content.ToolUse call, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "tool_use");
        json.writeStringField("id", toolId(call.id()));
        json.writeStringField("name", call.name());
        json.writeFieldName("input");
        json.writeRawValue(objectOrEmpty(call.argumentsJson()));
        json.writeEndObject();
    }

    private static void writeToolResult(Content.ToolResult result, JsonGenerator json)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "tool_result");
        json.writeStringField("tool_use_id", toolId(result.toolUseId()));
        if (result.failed()) {
            json.writeBooleanField("is_error", true);
        }
        List<Content> content = result.content().stream().filter(AnthropicContent::says).toList();
        if (content.size() == 1 && content.getFirst() instanceof Content.Text(String text)) {
            json.writeStringField("content", text);
        } else if (!content.isEmpty()) {
            json.writeArrayFieldStart("content");
            for (Content piece : content) {
                write(piece, json);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void writeDocument(Content.Document document, JsonGenerator json)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "document");
        if (document.source() instanceof Content.Source.Inline(String type, String base64)
                && !isPdf(type)) {
            json.writeObjectFieldStart("source");
            json.writeStringField("type", "text");
            json.writeStringField("media_type", "text/plain");
            json.writeStringField("data", decode(base64));
            json.writeEndObject();
        } else {
            writeSource(document.source(), json);
        }
        Optional<String> title = document.filename().filter(name -> !name.isBlank());
        if (title.isPresent()) {
            json.writeStringField("title", title.get());
        }
        json.writeEndObject();
    }

    private static void writeSource(Content.Source source, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("source");
        switch (source) {
            case Content.Source.Inline(String mediaType, String base64) -> {
                json.writeStringField("type", "base64");
                json.writeStringField("media_type", mediaType);
                json.writeStringField("data", base64);
            }
            case Content.Source.Remote(String url) -> {
                json.writeStringField("type", "url");
                json.writeStringField("url", url);
            }
        }
        json.writeEndObject();
    }

    private static boolean says(Content content) {
        return !(content instanceof Content.Text(String text) && text.isBlank());
    }

    private static boolean isPdf(String mediaType) {
        return mediaType.equals("application/pdf");
    }

    private static String decode(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException broken) {
            throw Failure.invalid("messages", "messages hold a file that is not base64");
        }
    }

    /// Ids of calls that another provider made may hold what Anthropic's pattern does not allow.
    private static String toolId(String id) {
        return id.replaceAll("[^a-zA-Z0-9_-]", "_");
    }

    private static String objectOrEmpty(String argumentsJson) {
        try {
            return Json.MAPPER.readTree(argumentsJson).isObject() ? argumentsJson : "{}";
        } catch (IOException broken) {
            return "{}";
        }
    }
}
