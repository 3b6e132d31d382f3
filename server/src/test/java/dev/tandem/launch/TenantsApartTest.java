package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.testing.SignInServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What one tenant has of tools, and how little of it an admin of another sees.
@Timeout(120)
final class TenantsApartTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ADA = "key-of-ada-5e1d0c7b2f";
    private static final String BOB = "key-of-bob-91c4f0aa63";
    private static final String TELL = "{\"decision\":\"allow\",\"remember\":\"session\"}";

    @TempDir private static Path folder;

    /// Ids of Ada's, by what they are of.
    private static final Map<String, String> IDS = new TreeMap<>();

    private static SignInServer wanted;
    private static RunningServer server;

    /// A request of Bob's.
    ///
    /// @param path with `{names}` of [#IDS]
    /// @param expected the status; with `empty` behind it where the answer is an empty list
    private record Row(String method, String path, String body, String expected) {
        String name() {
            return method + " " + path + " is " + expected;
        }
    }

    @BeforeAll
    static void useTools() throws Exception {
        wanted = new SignInServer();
        server = RunningServer.start(folder, settings());
        IDS.put("added", "mine");
        IDS.put("project", id(ada("POST", "/v1/projects", "{\"name\":\"p\"}")));
        IDS.put("session", id(ada("POST", "/v1/sessions", "{\"model\":\"scripted/demo\"}")));
        ada("POST", "/v1/mcp/servers", "{\"name\":\"mine\",\"command\":\"/nowhere\"}");
        signIn();
        ask("session", "/script\ncall look {}\nthen\nsay done");
        IDS.put("decided", pending());
        ada("POST", "/v1/approvals/" + IDS.get("decided") + ":resolve", TELL);
        JsonNode rules = ada("GET", "/v1/tool_rules", "").path("data");
        IDS.put("rule", rules.path(0).path("id").asText());
        IDS.put("other", id(ada("POST", "/v1/sessions", "{\"model\":\"scripted/demo\"}")));
        ask("other", "/script\ncall see {}\nthen\nsay done");
        IDS.put("open", pending());
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("scripted.enabled", "true");
        settings.put("scripted.pace", "0ms");
        settings.put("mcp.claude-servers", "false");
        settings.put("mcp.policy.0.decision", "ask");
        settings.put("mcp.servers.private.url", wanted.url().toString());
        settings.put("mcp.oauth.redirect-base", "http://127.0.0.1:1");
        settings.put("auth.keys.0.name", "ada");
        settings.put("auth.keys.0.key", ADA);
        settings.put("auth.keys.0.tenant", "adas");
        settings.put("auth.keys.0.admin", "true");
        settings.put("auth.keys.1.name", "bob");
        settings.put("auth.keys.1.key", BOB);
        settings.put("auth.keys.1.tenant", "bobs");
        settings.put("auth.keys.1.admin", "true");
        for (int number = 0; number < 2; number++) {
            String prefix = "plugins.webhooks." + number + ".";
            settings.put(prefix + "name", number == 0 ? "look" : "see");
            settings.put(prefix + "description", "Looks.");
            settings.put(prefix + "url", "http://127.0.0.1:9/");
        }
        return settings;
    }

    private static void signIn() throws IOException {
        JsonNode begun = ada("POST", "/v1/mcp/servers/private:authorize", "{}");
        URI page = URI.create(begun.path("authorization_url").asText());
        String back = "/v1/mcp/oauth/callback?" + SignInServer.codeFor(page);
        assertEquals(200, server.get(back).statusCode());
        assertFalse(ada("GET", "/v1/mcp/servers/private/tools", "").path("data").isEmpty());
    }

    private static void ask(String session, String script) throws IOException {
        String question =
                JSON.writeValueAsString(
                        Map.of(
                                "model",
                                "scripted/demo",
                                "session_id",
                                IDS.getOrDefault(session, ""),
                                "background",
                                true,
                                "messages",
                                List.of(Map.of("role", "user", "content", script))));
        HttpResponse<String> answer = server.send(ADA, "POST", "/v1/chat/completions", question);
        assertEquals(2, answer.statusCode() / 100, answer.body());
        IDS.put("run", id(JSON.readTree(answer.body())));
    }

    /// The approval that waits, once there is one.
    private static String pending() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < deadline) {
            JsonNode open = ada("GET", "/v1/approvals?state=pending", "").path("data");
            if (!open.isEmpty()) {
                return id(open.path(0));
            }
        }
        throw new AssertionError(
                "nothing is asked: " + ada("GET", "/v1/runs/" + IDS.get("run"), ""));
    }

    private static String id(JsonNode json) {
        return json.path("id").asText();
    }

    @AfterAll
    static void stop() {
        server.close();
        wanted.close();
    }

    @TestFactory
    Stream<DynamicTest> bobSeesNothingOfAdas() {
        return Stream.of(
                        new Row("GET", "/v1/mcp/servers/{added}", "", "404"),
                        new Row("GET", "/v1/mcp/servers/{added}/tools", "", "404"),
                        new Row("GET", "/v1/mcp/servers/{added}/log", "", "404"),
                        new Row("GET", "/v1/mcp/servers/{added}/resources", "", "404"),
                        new Row("GET", "/v1/mcp/servers/{added}/prompts", "", "404"),
                        new Row("POST", "/v1/mcp/servers/{added}/tools/x:call", "{}", "404"),
                        new Row("POST", "/v1/mcp/servers/{added}:restart", "{}", "404"),
                        new Row("POST", "/v1/mcp/servers/{added}:authorize", "{}", "404"),
                        new Row("POST", "/v1/mcp/servers/{added}:deauthorize", "{}", "404"),
                        new Row("DELETE", "/v1/mcp/servers/{added}", "", "404"),
                        new Row("GET", "/v1/mcp/servers?project_id={project}", "", "404"),
                        new Row("GET", "/v1/mcp/servers/x@{project}", "", "404"),
                        new Row("GET", "/v1/mcp/servers/private/tools", "", "409"),
                        new Row("GET", "/v1/approvals", "", "200 empty"),
                        new Row("GET", "/v1/approvals?session_id={session}", "", "200 empty"),
                        new Row("GET", "/v1/approvals/{open}", "", "404"),
                        new Row("GET", "/v1/approvals/{decided}", "", "404"),
                        new Row("POST", "/v1/approvals/{open}:resolve", TELL, "404"),
                        new Row("GET", "/v1/mcp/audit", "", "200 empty"),
                        new Row("GET", "/v1/mcp/audit?session_id={session}", "", "200 empty"),
                        new Row("GET", "/v1/tool_rules", "", "200 empty"),
                        new Row("GET", "/v1/tool_rules?session_id={session}", "", "200 empty"),
                        new Row("DELETE", "/v1/tool_rules/{rule}", "", "404"),
                        new Row("GET", "/v1/sessions/{session}/tools", "", "404"),
                        new Row("GET", "/v1/projects/{project}/tools", "", "404"),
                        new Row("GET", "/v1/runs/{run}", "", "404"))
                .map(row -> DynamicTest.dynamicTest(row.name(), () -> check(row)));
    }

    private static void check(Row row) throws IOException {
        String path = row.path();
        for (Map.Entry<String, String> id : IDS.entrySet()) {
            path = path.replace("{" + id.getKey() + "}", id.getValue());
        }
        HttpResponse<String> answer = server.send(BOB, row.method(), path, row.body());
        boolean empty =
                answer.statusCode() == 200
                        && JSON.readTree(answer.body()).path("data").isArray()
                        && JSON.readTree(answer.body()).path("data").isEmpty();
        assertEquals(row.expected(), answer.statusCode() + (empty ? " empty" : ""), answer.body());
    }

    @TestFactory
    Stream<DynamicTest> adaStillHasIt() {
        return Stream.of(
                        "/v1/mcp/servers/{added}",
                        "/v1/approvals/{open}",
                        "/v1/approvals/{decided}",
                        "/v1/mcp/servers/private/tools",
                        "/v1/runs/{run}")
                .map(path -> DynamicTest.dynamicTest(path, () -> checkAdas(path)));
    }

    private static void checkAdas(String template) throws IOException {
        String path = template;
        for (Map.Entry<String, String> id : IDS.entrySet()) {
            path = path.replace("{" + id.getKey() + "}", id.getValue());
        }
        assertFalse(ada("GET", path, "").isEmpty());
        assertFalse(ada("GET", "/v1/tool_rules", "").path("data").isEmpty());
        assertFalse(ada("GET", "/v1/mcp/audit", "").path("data").isEmpty());
        assertFalse(server.send(BOB, "GET", "/v1/mcp/servers", "").body().contains("\"mine\""));
    }

    private static JsonNode ada(String method, String path, String body) throws IOException {
        HttpResponse<String> answer = server.send(ADA, method, path, body);
        assertEquals(200, answer.statusCode(), () -> path + ": " + answer.body());
        return JSON.readTree(answer.body());
    }
}
