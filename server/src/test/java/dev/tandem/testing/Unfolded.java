package dev.tandem.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/// A whole message of Anthropic's as the stream that would have brought it: recordings of unary
/// calls serve a server that always streams.
final class Unfolded {
    private static final JsonMapper JSON = new JsonMapper();
    private final StringBuilder stream = new StringBuilder();

    private Unfolded() {}

    static String message(String json) {
        try {
            return new Unfolded().unfold((ObjectNode) JSON.readTree(json));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private String unfold(ObjectNode message) {
        ObjectNode start = message.deepCopy();
        start.putArray("content");
        start.putNull("stop_reason");
        start.putNull("stop_sequence");
        if (start.path("usage") instanceof ObjectNode usage) {
            usage.put("output_tokens", 1);
        }
        event("message_start").set("message", start);
        flush();
        int index = 0;
        for (JsonNode block : message.path("content")) {
            block(index++, (ObjectNode) block);
        }
        ObjectNode end = event("message_delta");
        ObjectNode delta = end.putObject("delta");
        delta.set("stop_reason", message.path("stop_reason"));
        delta.set("stop_sequence", message.path("stop_sequence"));
        end.set("usage", message.path("usage"));
        flush();
        event("message_stop");
        flush();
        return stream.toString();
    }

    private void block(int index, ObjectNode block) {
        ObjectNode begun = block.deepCopy();
        switch (block.path("type").asText()) {
            case "text" -> begun.put("text", "");
            case "thinking" -> begun.put("thinking", "").put("signature", "");
            case "tool_use", "server_tool_use", "mcp_tool_use" -> begun.putObject("input");
            default -> {
                // comes whole
            }
        }
        event("content_block_start").put("index", index).set("content_block", begun);
        flush();
        switch (block.path("type").asText()) {
            case "text" -> halves(index, "text_delta", "text", block.path("text").asText());
            case "thinking" -> {
                halves(index, "thinking_delta", "thinking", block.path("thinking").asText());
                piece(index, "signature_delta", "signature", block.path("signature").asText());
            }
            case "tool_use", "server_tool_use", "mcp_tool_use" -> {
                piece(index, "input_json_delta", "partial_json", "");
                if (!block.path("input").isEmpty()) {
                    String input = block.path("input").toString();
                    halves(index, "input_json_delta", "partial_json", input);
                }
            }
            default -> {
                // has no deltas
            }
        }
        event("content_block_stop").put("index", index);
        flush();
    }

    private void halves(int index, String type, String field, String text) {
        int middle = text.offsetByCodePoints(0, text.codePointCount(0, text.length()) / 2);
        piece(index, type, field, text.substring(0, middle));
        piece(index, type, field, text.substring(middle));
    }

    private void piece(int index, String type, String field, String text) {
        event("content_block_delta")
                .put("index", index)
                .putObject("delta")
                .put("type", type)
                .put(field, text);
        flush();
    }

    private ObjectNode next = JSON.createObjectNode();

    private ObjectNode event(String type) {
        next = JSON.createObjectNode().put("type", type);
        return next;
    }

    private void flush() {
        stream.append("event: ")
                .append(next.path("type").asText())
                .append("\ndata: ")
                .append(next)
                .append("\n\n");
    }
}
