package dev.tandem.edge.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.auth.Caller;
import dev.tandem.edge.mcp.McpServer.Setup;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolScope;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Clients that greet, and what becomes of their sessions.
final class SessionsTest {
    private static final String NEWEST = "2025-11-25";

    private final FakeToolbox tools =
            new FakeToolbox()
                    .tool("s__echo", (request, _) -> ToolOutput.text(request.argumentsJson()));

    private McpServer server(Setup setup) {
        return new McpServer(tools, new FakeSource(), setup);
    }

    private static HttpResponse<String> greet(McpClient client) {
        return client.post(McpClient.hello(NEWEST, "{}"));
    }

    private static int ping(McpClient client, String session) {
        return client.post(McpClient.message("1", "ping", "{}"), "Mcp-Session-Id", session)
                .statusCode();
    }

    private static String session(HttpResponse<String> hello) {
        return hello.headers().firstValue("mcp-session-id").orElseThrow();
    }

    @Test
    void aClientGreetsAndIsServed() {
        try (McpServer server = server(Setup.usual());
                McpClient client = McpClient.greeting(server, NEWEST, "{}")) {
            JsonNode tool = client.result("tools/list", "{}").at("/tools/0");
            JsonNode answer =
                    client.result(
                            "tools/call", "{\"name\":\"s__echo\",\"arguments\":{\"a\":1.50}}");

            assertEquals("s__echo", tool.path("name").asText());
            assertEquals("Does s__echo", tool.path("description").asText());
            assertEquals("object", tool.at("/inputSchema/type").asText());
            assertEquals("{\"a\":1.50}", answer.at("/content/0/text").asText());
            assertEquals(
                    202,
                    client.post(McpClient.notice("notifications/initialized", "{}")).statusCode());
        }
    }

    @Test
    void tellsWhoItIsAndWhatItCan() {
        try (McpServer server = server(Setup.usual());
                McpClient client = new McpClient(server)) {
            JsonNode hello = McpClient.json(greet(client)).path("result");

            assertEquals(NEWEST, hello.path("protocolVersion").asText());
            assertEquals("tandem", hello.at("/serverInfo/name").asText());
            assertEquals("1.2.3", hello.at("/serverInfo/version").asText());
            assertTrue(hello.path("capabilities").has("tools"));
            assertFalse(hello.at("/capabilities/tools").has("listChanged"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2025-11-25, 2025-11-25",
        "2025-06-18, 2025-06-18",
        "2025-03-26, 2025-03-26",
        "2024-11-05, 2025-11-25",
        "2026-07-28, 2025-11-25",
        "2099-01-01, 2025-11-25"
    })
    void agreesOnAVersion(String wanted, String agreed) {
        try (McpServer server = server(Setup.usual());
                McpClient client = new McpClient(server)) {
            JsonNode hello = McpClient.json(client.post(McpClient.hello(wanted, "{}")));

            assertEquals(agreed, hello.at("/result/protocolVersion").asText());
        }
    }

    @Test
    void aSessionBelongsToTheKeyThatMadeIt() {
        Setup keyed = Setup.usual().with(key -> new Caller("t", key.orElse("none")));
        try (McpServer server = server(keyed);
                McpClient one = new McpClient(server, "Authorization", "Bearer one");
                McpClient two = new McpClient(server, "Authorization", "Bearer two")) {
            String session = session(greet(one));

            assertEquals(43, session.length());
            assertEquals(200, ping(one, session));
            assertEquals(404, ping(two, session));
            assertEquals(404, two.send("DELETE", "", "Mcp-Session-Id", session).statusCode());
            assertEquals(200, ping(one, session));
        }
    }

    @Test
    void callsAreMadeForTheCallerInItsProject() throws Exception {
        Setup keyed = Setup.usual().with(key -> new Caller("t", key.orElse("none"), true));
        try (McpServer server = server(keyed);
                McpClient client = new McpClient(server, "Authorization", "Bearer one")) {
            client.with("Mcp-Session-Id", session(greet(client))).with("X-Project-ID", "proj_1");
            client.result("tools/call", "{\"name\":\"s__echo\"}");

            ToolScope scope = tools.requests.take().scope();
            assertEquals(
                    new ToolScope(
                            "t",
                            "one",
                            true,
                            Optional.of("proj_1"),
                            Optional.empty(),
                            Optional.empty()),
                    scope);
        }
    }

    @Test
    void endsOnDelete() {
        try (McpServer server = server(Setup.usual());
                McpClient client = new McpClient(server)) {
            String session = session(greet(client));

            assertEquals(204, client.send("DELETE", "", "Mcp-Session-Id", session).statusCode());
            HttpResponse<String> after =
                    client.post(McpClient.message("7", "ping", "{}"), "Mcp-Session-Id", session);
            assertEquals(404, after.statusCode());
            assertEquals(-32001, McpClient.json(after).at("/error/code").asInt());
            assertEquals(7, McpClient.json(after).path("id").asInt());
        }
    }

    @Test
    void endsWhenItIsIdleForTooLong() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        try (McpServer server = server(Setup.usual().with(now::get));
                McpClient client = new McpClient(server)) {
            String session = session(greet(client));
            now.set(now.get().plus(Duration.ofMinutes(29)));
            assertEquals(200, ping(client, session));
            now.set(now.get().plus(Duration.ofMinutes(29)));
            assertEquals(200, ping(client, session));

            now.set(now.get().plus(Duration.ofMinutes(31)));

            assertEquals(404, ping(client, session));
        }
    }

    @Test
    void whoNeedsRoomTakesThatOfTheIdlest() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        Setup setup = Setup.usual().with(now::get).with(Settings.sessionsMax(2));
        try (McpServer server = server(setup);
                McpClient client = new McpClient(server)) {
            String first = session(greet(client));
            now.set(now.get().plusSeconds(1));
            String second = session(greet(client));
            now.set(now.get().plusSeconds(1));
            assertEquals(200, ping(client, first));

            String third = session(greet(client));

            assertNotEquals(second, third);
            assertEquals(404, ping(client, second));
            assertEquals(200, ping(client, first));
            assertEquals(200, ping(client, third));
        }
    }

    @Test
    void isRefusedWhereAllAreBusy() throws Exception {
        try (McpServer server = server(Setup.usual().with(Settings.sessionsMax(1)));
                McpClient client = new McpClient(server)) {
            String session = session(greet(client));
            try (McpClient.Events _ = client.open("GET", "", "Mcp-Session-Id", session)) {
                HttpResponse<String> refused = greet(client);

                assertEquals(503, refused.statusCode());
                assertTrue(refused.headers().firstValue("retry-after").isPresent());
            }
        }
    }

    @Test
    void nothingIsServedWithoutOne() {
        try (McpServer server = server(Setup.usual());
                McpClient client = new McpClient(server)) {
            HttpResponse<String> answer = client.post(McpClient.message("3", "tools/list", "{}"));

            assertEquals(400, answer.statusCode());
            assertEquals(-32600, McpClient.json(answer).at("/error/code").asInt());
            assertEquals(400, client.send("GET", "").statusCode());
        }
    }

    @Test
    void batchesArePossibleWhereTheVersionHasThem() {
        String batch =
                "[%s,%s,%s]"
                        .formatted(
                                McpClient.message("1", "ping", "{}"),
                                McpClient.notice("notifications/initialized", "{}"),
                                McpClient.message("\"b\"", "none/such", "{}"));
        try (McpServer server = server(Setup.usual());
                McpClient old = McpClient.greeting(server, "2025-03-26", "{}");
                McpClient newer = McpClient.greeting(server, "2025-06-18", "{}")) {
            JsonNode answers = McpClient.json(old.post(batch));

            assertEquals(2, answers.size());
            for (JsonNode answer : answers) {
                boolean ping = answer.path("id").asText().equals("1");
                assertEquals(ping, answer.has("result"), answers::toString);
            }
            assertEquals(400, newer.post(batch).statusCode());
        }
    }

    @Test
    void aVersionThatIsNotSpokenIsRefused() {
        try (McpServer server = server(Setup.usual());
                McpClient client = McpClient.greeting(server, NEWEST, "{}")) {
            String ping = McpClient.message("1", "ping", "{}");

            assertEquals(200, client.post(ping, "MCP-Protocol-Version", NEWEST).statusCode());
            assertEquals(400, client.post(ping, "MCP-Protocol-Version", "1.0").statusCode());
            assertEquals(
                    405, client.send("GET", "", "MCP-Protocol-Version", "2026-07-28").statusCode());
        }
    }
}
