package dev.tandem.edge.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.launch.RunningServer;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every bound that the document states, on the first level of a body or in a query, is one that
/// the server holds requests against.
final class BoundsOfTheDocumentTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String CHAT =
            "{\"model\":\"scripted/echo\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}";

    @TempDir static Path folder;

    private static RunningServer server;
    private static JsonNode document;

    /// A request with one value out of its bounds.
    private record Wrong(
            String method, String path, String where, String name, String bound, JsonNode value) {
        @Override
        public String toString() {
            return method + " " + path + ": " + bound + " of " + name;
        }
    }

    @BeforeAll
    static void start() {
        server = RunningServer.start(folder, Map.of("scripted.enabled", "true"));
        document = DocumentedAnswers.parsed(server.get("/openapi.json").body());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @TestFactory
    Stream<DynamicTest> isRefusedOutOfBounds() {
        return wrongs().stream()
                .map(wrong -> DynamicTest.dynamicTest(wrong.toString(), () -> refused(wrong)));
    }

    @Test
    void boundsOfEveryKindAreStated() {
        assertTrue(
                wrongs().stream()
                        .map(Wrong::bound)
                        .collect(Collectors.toSet())
                        .containsAll(
                                List.of(
                                        "minimum",
                                        "maximum",
                                        "minLength",
                                        "maxLength",
                                        "enum",
                                        "minItems",
                                        "maxItems",
                                        "maxProperties")));
    }

    private static void refused(Wrong wrong) {
        HttpResponse<String> answer = send(wrong);

        assertEquals(400, answer.statusCode(), () -> wrong + ": " + answer.body());
        String param = DocumentedAnswers.parsed(answer.body()).at("/error/param").asText();
        assertTrue(param.startsWith(wrong.name()), answer::body);
    }

    private static HttpResponse<String> send(Wrong wrong) {
        String path = wrong.path().replaceAll("\\{[^}]*}", "none");
        if (wrong.where().equals("query")) {
            String value = URLEncoder.encode(wrong.value().asText(), StandardCharsets.UTF_8);
            return server.send(
                    HttpRequest.newBuilder(server.uri(path + "?" + wrong.name() + "=" + value))
                            .method(wrong.method(), BodyPublishers.noBody()));
        }
        ObjectNode body =
                path.contains("chat/completions")
                        ? (ObjectNode) DocumentedAnswers.parsed(CHAT)
                        : JSON.objectNode();
        if (path.matches("/v1/(projects(/none)?|mcp/servers)")) {
            body.put("name", "a");
        }
        if (path.contains("/approvals/") || path.contains("/tool_calls/")) {
            body.put("decision", "deny");
        }
        body.set(wrong.name(), wrong.value());
        return server.send(
                HttpRequest.newBuilder(server.uri(path))
                        .header("content-type", "application/json")
                        .method(wrong.method(), BodyPublishers.ofString(body.toString())));
    }

    private static List<Wrong> wrongs() {
        List<Wrong> wrongs = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                String method = operation.getKey().toUpperCase(Locale.ROOT);
                inQuery(method, path.getKey(), operation.getValue(), wrongs);
                inBody(method, path.getKey(), operation.getValue(), wrongs);
            }
        }
        return wrongs;
    }

    private static void inQuery(
            String method, String path, JsonNode operation, List<Wrong> wrongs) {
        for (JsonNode parameter : operation.path("parameters")) {
            if (parameter.path("in").asText().equals("query")) {
                String name = parameter.path("name").asText();
                values(parameter.path("schema"))
                        .forEach(
                                (bound, value) ->
                                        wrongs.add(
                                                new Wrong(
                                                        method, path, "query", name, bound,
                                                        value)));
            }
        }
    }

    private static void inBody(String method, String path, JsonNode operation, List<Wrong> wrongs) {
        JsonNode body =
                resolved(operation.path("requestBody")).at("/content/application~1json/schema");
        for (Map.Entry<String, JsonNode> property :
                resolved(body).path("properties").properties()) {
            String name = property.getKey();
            values(property.getValue())
                    .forEach(
                            (bound, value) ->
                                    wrongs.add(
                                            new Wrong(method, path, "body", name, bound, value)));
        }
    }

    /// For each bound of a schema, a value that breaks it.
    private static Map<String, JsonNode> values(JsonNode schema) {
        ObjectNode values = JSON.objectNode();
        for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
            JsonNode bound = keyword.getValue();
            switch (keyword.getKey()) {
                case "minimum" -> values.put("minimum", bound.asLong() - 1);
                case "maximum" -> values.put("maximum", bound.asLong() + 1);
                case "minLength" -> values.put("minLength", "");
                case "maxLength" -> values.put("maxLength", "x".repeat(bound.asInt() + 1));
                case "enum" -> values.put("enum", "neither");
                case "minItems" -> values.putArray("minItems");
                case "maxItems" -> values.set("maxItems", many(schema, bound.asInt() + 1));
                case "maxProperties" -> values.set("maxProperties", entries(bound.asInt() + 1));
                case "oneOf" -> bound.forEach(each -> values(each).forEach(values::set));
                default -> {}
            }
        }
        return values.properties().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static ArrayNode many(JsonNode schema, int count) {
        ArrayNode many = JSON.arrayNode();
        String kind = schema.at("/items/$ref").asText();
        for (int i = 0; i < count; i++) {
            if (kind.endsWith("ChatMessageParam")) {
                many.addObject().put("role", "user").put("content", "a");
            } else if (kind.endsWith("ToolParam")) {
                many.addObject().put("type", "function").putObject("function").put("name", "t" + i);
            } else {
                many.add("x");
            }
        }
        return many;
    }

    private static ObjectNode entries(int count) {
        ObjectNode entries = JSON.objectNode();
        for (int i = 0; i < count; i++) {
            entries.put("k" + i, "v");
        }
        return entries;
    }

    private static JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }
}
