package dev.tandem.storage.jdbc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.conversation.Content;
import dev.tandem.conversation.Content.Source;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Message.Original;
import dev.tandem.conversation.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A message, all but its role, as JSON text. A text that it cannot read whole, such as one of a
/// newer version with kinds that this one does not know, is refused and never read in part.
///
/// Tool arguments and the provider's own form stay texts within the JSON, so that they come back to
/// the byte.
final class MessageJson {
    // What was stored must be readable, however long; what comes in is limited at the edge.
    static final ObjectMapper JSON =
            new ObjectMapper(
                    JsonFactory.builder()
                            .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                            .streamReadConstraints(
                                    StreamReadConstraints.builder()
                                            .maxStringLength(Integer.MAX_VALUE)
                                            .build())
                            .build());

    private MessageJson() {}

    static String write(Message message) {
        ObjectNode node = JSON.createObjectNode();
        node.set("content", array(message.content()));
        message.name().ifPresent(name -> node.put("name", name));
        message.original().ifPresent(original -> node.set("original", object(original)));
        return node.toString();
    }

    /// @throws IllegalStateException where the text is not what [#write] makes
    static Message read(Role role, String text) {
        JsonNode node = tree(text);
        return new Message(
                role,
                contents(field(node, "content")),
                optional(node, "name"),
                Optional.ofNullable(node.get("original")).map(MessageJson::original));
    }

    /// @throws IllegalStateException where the text is no JSON
    static JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored message is not JSON", e);
        }
    }

    private static ArrayNode array(List<Content> content) {
        ArrayNode array = JSON.createArrayNode();
        content.forEach(piece -> array.add(object(piece)));
        return array;
    }

    private static ObjectNode object(Content piece) {
        return switch (piece) {
            case Content.Text(String text) -> typed("text").put("text", text);
            case Content.Reasoning(String text) -> typed("reasoning").put("text", text);
            case Content.Refusal(String text) -> typed("refusal").put("text", text);
            case Content.Image(Source source, Optional<String> detail) ->
                    with(typed("image"), source, "detail", detail);
            case Content.Document(Source source, Optional<String> filename) ->
                    with(typed("document"), source, "filename", filename);
            case Content.Audio(String base64, String format) ->
                    typed("audio").put("base64", base64).put("format", format);
            case Content.ToolUse(String id, String name, String arguments) ->
                    typed("tool_use").put("id", id).put("name", name).put("arguments", arguments);
            case Content.ToolResult(String id, List<Content> content, boolean failed) -> {
                ObjectNode node = typed("tool_result").put("id", id).put("failed", failed);
                node.set("content", array(content));
                yield node;
            }
        };
    }

    private static ObjectNode object(Source source) {
        return switch (source) {
            case Source.Inline(String mediaType, String base64) ->
                    typed("inline").put("media_type", mediaType).put("base64", base64);
            case Source.Remote(String url) -> typed("remote").put("url", url);
        };
    }

    static ObjectNode object(Original original) {
        return JSON.createObjectNode()
                .put("provider", original.provider())
                .put("model", original.model())
                .put("json", original.json());
    }

    private static ObjectNode typed(String type) {
        return JSON.createObjectNode().put("type", type);
    }

    private static ObjectNode with(
            ObjectNode node, Source source, String name, Optional<String> value) {
        node.set("source", object(source));
        value.ifPresent(text -> node.put(name, text));
        return node;
    }

    private static List<Content> contents(JsonNode array) {
        if (!array.isArray()) {
            throw new IllegalStateException("content is no list in a stored message");
        }
        List<Content> content = new ArrayList<>(array.size());
        array.forEach(node -> content.add(content(node)));
        return content;
    }

    private static Content content(JsonNode node) {
        String type = text(node, "type");
        return switch (type) {
            case "text" -> new Content.Text(text(node, "text"));
            case "reasoning" -> new Content.Reasoning(text(node, "text"));
            case "refusal" -> new Content.Refusal(text(node, "text"));
            case "image" ->
                    new Content.Image(source(field(node, "source")), optional(node, "detail"));
            case "document" ->
                    new Content.Document(source(field(node, "source")), optional(node, "filename"));
            case "audio" -> new Content.Audio(text(node, "base64"), text(node, "format"));
            case "tool_use" ->
                    new Content.ToolUse(
                            text(node, "id"), text(node, "name"), text(node, "arguments"));
            case "tool_result" ->
                    new Content.ToolResult(
                            text(node, "id"),
                            contents(field(node, "content")),
                            truth(node, "failed"));
            default -> throw unknown("content", type);
        };
    }

    private static Source source(JsonNode node) {
        String type = text(node, "type");
        return switch (type) {
            case "inline" -> new Source.Inline(text(node, "media_type"), text(node, "base64"));
            case "remote" -> new Source.Remote(text(node, "url"));
            default -> throw unknown("source", type);
        };
    }

    static Original original(JsonNode node) {
        return new Original(text(node, "provider"), text(node, "model"), text(node, "json"));
    }

    private static Optional<String> optional(JsonNode node, String name) {
        return node.has(name) ? Optional.of(text(node, name)) : Optional.empty();
    }

    private static String text(JsonNode node, String name) {
        JsonNode value = field(node, name);
        if (!value.isTextual()) {
            throw new IllegalStateException(name + " is no text in a stored message");
        }
        return value.textValue();
    }

    private static boolean truth(JsonNode node, String name) {
        JsonNode value = field(node, name);
        if (!value.isBoolean()) {
            throw new IllegalStateException(name + " is no truth value in a stored message");
        }
        return value.booleanValue();
    }

    private static JsonNode field(JsonNode node, String name) {
        JsonNode value = node.get(name);
        if (value == null) {
            throw new IllegalStateException(name + " is missing in a stored message");
        }
        return value;
    }

    private static IllegalStateException unknown(String what, String type) {
        return new IllegalStateException(
                "a stored message has " + what + " of the kind " + type + ", which is not known");
    }
}
