package dev.tandem.edge.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.edge.rest.ServedPath;
import dev.tandem.launch.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The document against the server that serves it. Leaves it in `target/openapi.json`, where
/// `make lint` reads it.
final class ApiDocumentTest {
    @TempDir static Path folder;

    private static RunningServer server;
    private static JsonNode document;

    @BeforeAll
    static void start() throws IOException {
        server = RunningServer.start(folder, Map.of("scripted.enabled", "true"));
        String json = server.get("/openapi.json").body();
        document = DocumentedAnswers.parsed(json);
        Files.writeString(Path.of("target/openapi.json"), json);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void hasEveryPathOfTheServerAndNoOther() {
        Set<String> served =
                server.paths().stream()
                        .map(path -> path.method() + " " + path.plain())
                        .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(served, operations());
    }

    @Test
    void namesEveryVariableOfItsPaths() {
        for (ServedPath path : server.paths()) {
            JsonNode operation =
                    document.path("paths")
                            .path(path.plain())
                            .path(path.method().toLowerCase(Locale.ROOT));
            Set<String> named = new TreeSet<>();
            operation.path("parameters").forEach(each -> named.add(parameter(each)));

            path.variables()
                    .forEach(name -> assertTrue(named.contains("path " + name), path.plain()));
        }
    }

    @Test
    void leavesNoReferenceOpen() {
        document.findValuesAsText("$ref")
                .forEach(
                        reference ->
                                assertFalse(
                                        document.at(reference.substring(1)).isMissingNode(),
                                        reference));
    }

    @Test
    void leavesNoMarkOfItsFragments() {
        String json = document.toString();

        for (String mark : Set.of("\"x-field\"", "\"x-message\"", "\"x-method\"", "\"x-errors\"")) {
            assertFalse(json.contains(mark), mark);
        }
    }

    @Test
    void speaksOfRestAndNotOfGrpc() {
        for (String text : document.findValuesAsText("description")) {
            assertFalse(text.contains("billionths"), text);
            assertFalse(text.contains("NOT_FOUND"), text);
            assertFalse(text.contains("RUN_STATE_"), text);
        }
    }

    @Test
    void showsFieldsAsTheDialectDoes() {
        JsonNode session = schema("Session");
        JsonNode run = schema("Run");

        assertEquals("number", session.at("/properties/total_cost/type").asText());
        assertEquals("int64", session.at("/properties/total_tokens/format").asText());
        assertEquals("date-time", session.at("/properties/created_at/format").asText());
        assertFalse(names(session.path("required")).contains("title"));
        assertTrue(names(session.path("required")).contains("is_active"));
        assertEquals("#/components/schemas/RunState", run.at("/properties/state/$ref").asText());
        assertTrue(names(schema("RunState").path("enum")).contains("running"));
        assertTrue(schema("ToolCall").at("/properties/arguments/type").isMissingNode());
        assertEquals(
                "list", schema("ListSessionsResponse").at("/properties/object/const").asText());
        assertEquals(4, schema("ContentPart").path("oneOf").size());
    }

    @Test
    void showsWhatCanBeCleared() {
        JsonNode update = schema("UpdateSessionRequest");

        assertEquals("[\"string\",\"null\"]", update.at("/properties/title/type").toString());
        assertTrue(update.at("/properties/session_id").isMissingNode(), "it is in the path");
        assertFalse(update.path("additionalProperties").asBoolean(true));
    }

    private static Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                operations.add(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
            }
        }
        return operations;
    }

    private static String parameter(JsonNode parameter) {
        JsonNode there =
                parameter.has("$ref")
                        ? document.at(parameter.path("$ref").asText().substring(1))
                        : parameter;
        return there.path("in").asText() + " " + there.path("name").asText();
    }

    private static JsonNode schema(String name) {
        return document.path("components").path("schemas").path(name);
    }

    private static Set<String> names(JsonNode list) {
        Set<String> names = new TreeSet<>();
        list.forEach(each -> names.add(each.asText()));
        return names;
    }
}
