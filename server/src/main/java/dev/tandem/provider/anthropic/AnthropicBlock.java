package dev.tandem.provider.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One block of an answer: how it began and what its deltas added, so that it can be sent back as
/// it came. A block without deltas is kept byte for byte; one with deltas keeps its fields, their
/// order and every value that a delta does not complete.
final class AnthropicBlock {
    private final byte[] raw;
    private final JsonNode start;
    private final Map<String, StringBuilder> appended = new HashMap<>();
    private final StringBuilder input = new StringBuilder();
    private final List<byte[]> citations = new ArrayList<>();
    private final int toolIndex;

    /// @param toolIndex which of the answer's tool calls it is; -1 for none
    AnthropicBlock(byte[] raw, int toolIndex) throws IOException {
        this.raw = raw;
        this.start = Json.MAPPER.readTree(raw);
        this.toolIndex = toolIndex;
    }

    String type() {
        return text("type");
    }

    /// A text of its beginning; empty where it has none.
    String text(String field) {
        return start.path(field).asText("");
    }

    JsonNode field(String name) {
        return start.path(name);
    }

    int toolIndex() {
        return toolIndex;
    }

    void append(String field, String piece) {
        appended.computeIfAbsent(field, _ -> new StringBuilder()).append(piece);
    }

    void appendInput(String piece) {
        input.append(piece);
    }

    void cite(byte[] citation) {
        citations.add(citation);
    }

    boolean hasStreamedInput() {
        return !input.isEmpty();
    }

    /// A tool's arguments. A call that the end of the answer cut off has none: half of a JSON text
    /// could not be sent back.
    String inputJson() {
        if (!input.isEmpty()) {
            String streamed = input.toString();
            return isJson(streamed) ? streamed : "{}";
        }
        JsonNode given = start.path("input");
        return given.isObject() ? given.toString() : "{}";
    }

    /// Whether it can be sent back: Anthropic refuses blocks of empty text, though it sends them.
    boolean isEmptyText() {
        return type().equals("text")
                && text("text").isEmpty()
                && !appended.containsKey("text")
                && citations.isEmpty();
    }

    void write(JsonGenerator json) throws IOException {
        if (appended.isEmpty() && input.isEmpty() && citations.isEmpty()) {
            json.writeRawValue(new String(raw, StandardCharsets.UTF_8));
            return;
        }
        json.writeStartObject();
        for (Map.Entry<String, JsonNode> field : start.properties()) {
            json.writeFieldName(field.getKey());
            writeValue(field.getKey(), field.getValue(), json);
        }
        for (Map.Entry<String, StringBuilder> field : appended.entrySet()) {
            if (!start.has(field.getKey())) {
                json.writeStringField(field.getKey(), field.getValue().toString());
            }
        }
        if (!citations.isEmpty() && !start.has("citations")) {
            json.writeFieldName("citations");
            writeCitations(json);
        }
        json.writeEndObject();
    }

    private void writeValue(String name, JsonNode value, JsonGenerator json) throws IOException {
        StringBuilder more = appended.get(name);
        if (more != null) {
            json.writeString(value.asText("") + more);
        } else if (name.equals("input") && !input.isEmpty()) {
            json.writeRawValue(inputJson());
        } else if (name.equals("citations") && !citations.isEmpty()) {
            writeCitations(json);
        } else {
            json.writeTree(value);
        }
    }

    private void writeCitations(JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (JsonNode first : start.path("citations")) {
            json.writeTree(first);
        }
        for (byte[] citation : citations) {
            json.writeRawValue(new String(citation, StandardCharsets.UTF_8));
        }
        json.writeEndArray();
    }

    private static boolean isJson(String text) {
        try {
            return Json.MAPPER.readTree(text).isObject();
        } catch (IOException broken) {
            return false;
        }
    }
}
