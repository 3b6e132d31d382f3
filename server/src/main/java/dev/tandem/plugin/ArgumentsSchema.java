package dev.tandem.plugin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.tandem.failure.Failure;
import dev.tandem.failure.Violation;
import java.util.List;
import java.util.Locale;

/// The JSON Schema of a tool's arguments: draft 2020-12, or the one that `$schema` names. Nothing
/// is fetched, wherever a `$ref` points. Formats are not checked. Safe for use by many threads.
public final class ArgumentsSchema {
    /// Takes nothing that two readers could read differently.
    static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private static final int VIOLATIONS_MAX = 10;
    private static final int TEXT_CHARS_MAX = 300;
    private static final SpecificationVersion DRAFT = SpecificationVersion.DRAFT_2020_12;
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(
                    DRAFT,
                    registry ->
                            registry.schemaRegistryConfig(
                                    SchemaRegistryConfig.builder().locale(Locale.ENGLISH).build()));

    private final Schema schema;

    private ArgumentsSchema(Schema schema) {
        this.schema = schema;
    }

    /// Reads a schema, whole.
    ///
    /// @throws IllegalArgumentException where it is none, or points to what it does not hold
    public static ArgumentsSchema of(String json) {
        try {
            JsonNode node = JSON.readTree(json);
            if (!node.isObject()) {
                throw new IllegalArgumentException("a JSON Schema must be a JSON object");
            }
            String draft = node.path("$schema").asText(DRAFT.getDialectId());
            for (Error error : REGISTRY.getSchema(SchemaLocation.of(draft)).validate(node)) {
                throw new IllegalArgumentException("it is no JSON Schema: " + error);
            }
            Schema schema = REGISTRY.getSchema(node);
            schema.initializeValidators();
            return new ArgumentsSchema(schema);
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(
                    "it is no JSON: " + malformed.getOriginalMessage(), malformed);
        } catch (SchemaException broken) {
            throw new IllegalArgumentException(
                    "it is no JSON Schema: " + broken.getMessage(), broken);
        }
    }

    /// What is wrong with arguments, naming the fields as in `days` or `places[0].name`; the first
    /// ten complaints.
    ///
    /// @throws Failure INVALID_REQUEST, param `arguments`, where they are no JSON object, or have a
    ///     name twice
    public List<Violation> violations(String argumentsJson) {
        return schema.validate(object(argumentsJson)).stream()
                .limit(VIOLATIONS_MAX)
                .map(ArgumentsSchema::violation)
                .toList();
    }

    private static JsonNode object(String json) {
        try {
            JsonNode arguments = JSON.readTree(json);
            if (arguments.isObject()) {
                return arguments;
            }
        } catch (JsonProcessingException malformed) {
            throw Failure.invalid(
                    "arguments", "arguments are no JSON: " + malformed.getOriginalMessage() + ".");
        }
        throw Failure.invalid("arguments", "arguments must be a JSON object.");
    }

    private static Violation violation(Error error) {
        StringBuilder field = new StringBuilder();
        for (int i = 0; i < error.getInstanceLocation().getNameCount(); i++) {
            append(field, error.getInstanceLocation().getElement(i));
        }
        if (error.getProperty() != null) {
            append(field, error.getProperty());
        }
        String name = field.isEmpty() ? "arguments" : field.toString();
        String text = name + ": " + error.getMessage();
        return new Violation(name, Shortened.text(text, TEXT_CHARS_MAX));
    }

    private static void append(StringBuilder field, Object element) {
        if (element instanceof Integer index) {
            field.append('[').append(index).append(']');
        } else {
            field.append(field.isEmpty() ? "" : ".").append(element);
        }
    }
}
