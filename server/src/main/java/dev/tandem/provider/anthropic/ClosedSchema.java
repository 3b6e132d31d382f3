package dev.tandem.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Failure;
import java.io.IOException;

/// JSON Schemas in the form that Anthropic accepts.
final class ClosedSchema {
    private ClosedSchema() {}

    /// The schema with `additionalProperties: false` on each object that does not speak of it:
    /// without it `output_config.format` and strict tools are a 400.
    ///
    /// @param param the parameter at fault when it is no schema
    static ObjectNode closed(String json, String param) {
        ObjectNode schema = parse(json, param);
        close(schema);
        return schema;
    }

    /// The schema of a tool's arguments, which must say that they are an object.
    static ObjectNode ofTool(String json, boolean strict) {
        ObjectNode schema = json.isBlank() ? Json.MAPPER.createObjectNode() : parse(json, "tools");
        if (!schema.has("type")) {
            schema.put("type", "object");
        }
        if (!schema.has("properties") && schema.path("type").asText("").equals("object")) {
            schema.putObject("properties");
        }
        if (strict) {
            close(schema);
        }
        return schema;
    }

    private static void close(JsonNode node) {
        if (node instanceof ObjectNode object && isObjectSchema(object)) {
            object.put("additionalProperties", false);
        }
        node.forEach(ClosedSchema::close);
    }

    private static boolean isObjectSchema(ObjectNode node) {
        return !node.has("additionalProperties")
                && (node.path("type").asText("").equals("object")
                        || node.path("properties").isObject());
    }

    private static ObjectNode parse(String json, String param) {
        try {
            if (Json.MAPPER.readTree(json) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException noJson) {
            throw Failure.invalid(param, param + " holds a schema that is not JSON");
        }
        throw Failure.invalid(param, param + " holds a schema that is not a JSON object");
    }
}
