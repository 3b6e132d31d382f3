package dev.tandem.edge.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// Holds answers against the document. Stricter than the document is to its readers: a field that
/// it does not have is an error.
final class DocumentedAnswers {
    private static final JsonMapper JSON = new JsonMapper();
    private static final SchemaRegistry SCHEMAS =
            SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_2020_12,
                    registry ->
                            registry.schemaRegistryConfig(
                                    SchemaRegistryConfig.builder()
                                            .formatAssertionsEnabled(true)
                                            .build()));

    private final JsonNode document;
    private final Set<String> seen = new TreeSet<>();

    DocumentedAnswers(JsonNode document) {
        this.document = document.deepCopy();
        close(this.document.path("components"));
    }

    /// Which operations have answered well, such as `GET /v1/runs/{run_id}`; those that never do
    /// over plain HTTP, have answered.
    Set<String> seen() {
        return seen;
    }

    /// Checks an answer to a request of this operation.
    ///
    /// @return its body
    String check(String method, String path, int status, HttpResponse<String> answer) {
        String operation = method + " " + path;
        assertEquals(status, answer.statusCode(), () -> operation + ": " + answer.body());
        JsonNode responses =
                document.path("paths")
                        .path(path)
                        .path(method.toLowerCase(Locale.ROOT))
                        .path("responses");
        JsonNode response = resolved(responses.path(Integer.toString(status)));
        assertFalse(response.isMissingNode(), () -> operation + " has no answer " + status);
        body(operation, response, answer);
        if (status == 200 || !responses.has("200")) {
            seen.add(operation);
        }
        return answer.body();
    }

    private void body(String operation, JsonNode response, HttpResponse<String> answer) {
        if (!response.has("content")) {
            assertEquals("", answer.body(), operation);
            return;
        }
        String type = answer.headers().firstValue("content-type").orElse("").split(";", -1)[0];
        JsonNode content = response.path("content").path(type);
        assertFalse(content.isMissingNode(), () -> operation + " does not say " + type);
        Schema schema = schema(content.path("schema"));
        switch (type) {
            case "application/json" -> valid(operation, schema, answer.body());
            case "text/event-stream" -> events(operation, schema, answer.body());
            default -> assertEquals("string", content.path("schema").path("type").asText());
        }
    }

    private static void events(String operation, Schema schema, String body) {
        List<String> frames =
                body.lines()
                        .filter(line -> line.startsWith("data: "))
                        .map(line -> line.substring("data: ".length()))
                        .filter(data -> !data.equals("[DONE]"))
                        .toList();
        assertFalse(frames.isEmpty(), operation);
        frames.forEach(frame -> valid(operation, schema, frame));
    }

    private static void valid(String operation, Schema schema, String json) {
        List<Error> errors = schema.validate(parsed(json));
        assertTrue(errors.isEmpty(), () -> operation + ": " + errors + "\n" + json);
    }

    private Schema schema(JsonNode schema) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", document.path("components"));
        return SCHEMAS.getSchema(whole);
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    /// A schema without a type is a choice within another, which names one property of many.
    private static void close(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.has("type")
                && object.path("properties").isObject()
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(DocumentedAnswers::close);
    }

    static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }
}
