package dev.tandem.toolbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.tandem.audit.Sha256;
import dev.tandem.tool.ToolDefinition;
import java.util.List;

/// Tells whether a tool still is what was decided about: its words, its schemas and its hints. The
/// order of a schema's keys does not count.
final class DefinitionHash {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private DefinitionHash() {}

    static String of(ToolDefinition tool) {
        List<String> parts =
                List.of(
                        tool.name(),
                        tool.title().orElse(""),
                        tool.description().orElse(""),
                        sorted(tool.inputSchemaJson()),
                        sorted(tool.outputSchemaJson().orElse("null")),
                        tool.hints().toString());
        try {
            return Sha256.of(JSON.writeValueAsString(parts));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts could not be written as JSON", e);
        }
    }

    private static String sorted(String json) {
        try {
            return JSON.writeValueAsString(JSON.readValue(json, Object.class));
        } catch (JsonProcessingException notJson) {
            return json;
        }
    }
}
