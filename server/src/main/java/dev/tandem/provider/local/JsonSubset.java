package dev.tandem.provider.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.failure.Failure;
import java.util.Set;
import java.util.regex.Pattern;

/// The part of JSON Schema that an answer can be held to. The native code turns a schema into a
/// grammar and aborts the whole process at one that it does not understand, so nothing gets there
/// that is not known to be safe.
final class JsonSubset {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NODES_MAX = 200;
    private static final int DEPTH_MAX = 12;
    private static final Pattern NAME = Pattern.compile("[\\w $.-]{1,64}");
    // Quotes and escapes are written wrongly into the grammar, which is then not used at all.
    private static final Pattern VALUE = Pattern.compile("[^\"\\\\\\p{Cntrl}]{0,200}");
    private static final Set<String> TYPES =
            Set.of("object", "array", "string", "number", "integer", "boolean", "null");
    private static final Set<String> WORDS =
            Set.of(
                    "type",
                    "properties",
                    "required",
                    "additionalProperties",
                    "items",
                    "enum",
                    "const",
                    "anyOf",
                    "title",
                    "description");

    private int nodes;

    private JsonSubset() {}

    /// Lets a schema pass or throws.
    ///
    /// @return the schema, written anew
    /// @throws Failure INVALID_REQUEST, naming what is not supported
    static String checked(String schemaJson) {
        try {
            JsonNode schema = JSON.readTree(schemaJson);
            if (!schema.path("type").asText().equals("object")) {
                throw refused("anything but an object");
            }
            new JsonSubset().check(schema, 0);
            return JSON.writeValueAsString(schema);
        } catch (JsonProcessingException malformed) {
            throw refused("text that is not JSON");
        }
    }

    private void check(JsonNode schema, int depth) {
        if (++nodes > NODES_MAX || depth > DEPTH_MAX) {
            throw refused("a schema so large");
        }
        if (!schema.isObject()) {
            throw refused("a schema that is not an object");
        }
        schema.fieldNames()
                .forEachRemaining(
                        word -> {
                            if (!WORDS.contains(word)) {
                                throw refused(word);
                            }
                        });
        checkKind(schema, depth);
    }

    private void checkKind(JsonNode schema, int depth) {
        if (schema.has("anyOf")) {
            checkAll(schema.get("anyOf"), "anyOf", depth);
        } else if (schema.has("enum")) {
            checkScalars(schema.get("enum"));
        } else if (schema.has("const")) {
            checkScalar(schema.get("const"));
        } else {
            checkType(schema, depth);
        }
    }

    private void checkType(JsonNode schema, int depth) {
        String type = schema.path("type").asText();
        if (!schema.path("type").isTextual() || !TYPES.contains(type)) {
            throw refused("the type " + schema.path("type"));
        }
        if (type.equals("object")) {
            checkObject(schema, depth);
        } else if (type.equals("array") && schema.has("items")) {
            check(schema.get("items"), depth + 1);
        }
    }

    private void checkObject(JsonNode schema, int depth) {
        JsonNode properties = schema.path("properties");
        if (schema.has("properties") && !properties.isObject()) {
            throw refused("properties that are not an object");
        }
        if (schema.has("additionalProperties") && !schema.get("additionalProperties").isBoolean()) {
            throw refused("a schema in additionalProperties");
        }
        for (JsonNode name : schema.path("required")) {
            if (!name.isTextual() || !properties.has(name.asText())) {
                throw refused("a required property without a schema, " + name);
            }
        }
        properties
                .properties()
                .forEach(
                        property -> {
                            if (!NAME.matcher(property.getKey()).matches()) {
                                throw refused("the property name " + property.getKey());
                            }
                            check(property.getValue(), depth + 1);
                        });
    }

    private void checkAll(JsonNode choices, String word, int depth) {
        if (!choices.isArray() || choices.isEmpty()) {
            throw refused(word + " without choices");
        }
        choices.forEach(choice -> check(choice, depth + 1));
    }

    private void checkScalars(JsonNode values) {
        if (!values.isArray() || values.isEmpty()) {
            throw refused("enum without values");
        }
        values.forEach(this::checkScalar);
    }

    private void checkScalar(JsonNode value) {
        boolean plain = value.isValueNode() && VALUE.matcher(value.asText()).matches();
        if (++nodes > NODES_MAX || !plain) {
            throw refused("a value that is not plain, " + value);
        }
    }

    private static Failure refused(String what) {
        return Failure.invalid(
                "response_format",
                "the model in this server cannot hold an answer to "
                        + what
                        + ": simplify the schema or choose another model");
    }
}
