package dev.tandem.edge.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.auth.Caller;
import dev.tandem.edge.mcp.McpServer.Setup;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Messages that cannot be served, and what is said of them.
final class MessagesTest {
    private final FakeToolbox tools =
            new FakeToolbox()
                    .tool(
                            "broken",
                            (_, _) -> {
                                throw new IllegalStateException("secret");
                            })
                    .tool(
                            "down",
                            (_, _) -> {
                                throw new Failure(FailureCode.UPSTREAM_UNAVAILABLE, "It is down.");
                            });
    private McpServer server;
    private McpClient client;

    @BeforeEach
    void start() {
        server = new McpServer(tools, new FakeSource());
        client = McpClient.greeting(server, "2025-11-25", "{}");
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "-32700 | {",
                "-32700 | {\"jsonrpc\":\"2.0\",\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
                "-32700 | {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"} x",
                "-32600 | []",
                "-32600 | 1",
                "-32600 | {}",
                "-32600 | {\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}",
                "-32600 | {\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
                "-32600 | {\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}",
                "-32600 | {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}",
                "-32600 | {\"jsonrpc\":\"2.0\",\"id\":1}"
            })
    void whatIsNoMessageIsRefused(int code, String body) {
        HttpResponse<String> answer = client.post(body);

        assertEquals(400, answer.statusCode());
        assertEquals(code, McpClient.json(answer).at("/error/code").asInt());
        assertFalse(McpClient.json(answer).has("id"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "-32601 | none/such | {}",
                "-32602 | tools/call | {\"name\":\"none\"}",
                "-32602 | tools/call | {}",
                "-32602 | tools/call | {\"name\":\"down\",\"arguments\":[]}",
                "-32602 | tools/list | {\"cursor\":\"none\"}",
                "-32602 | prompts/get | {\"name\":\"none\"}",
                "-32602 | completion/complete | {\"ref\":{\"type\":\"none\"}}",
                "-32002 | resources/read | {\"uri\":\"none:\"}",
                "-32603 | tools/call | {\"name\":\"broken\"}",
                "-32603 | tools/call | {\"name\":\"down\"}"
            })
    void whatCannotBeAnsweredIsAnsweredSo(int code, String method, String params) {
        JsonNode answer = client.ask(method, params);

        assertEquals(code, answer.at("/error/code").asInt(), answer::toString);
        assertFalse(answer.toString().contains("secret"));
    }

    @Test
    void bodiesMustBeJsonAndNotTooLong() {
        String ping = McpClient.message("1", "ping", "{}");
        String long_ = McpClient.message("1", "ping", "{\"a\":\"" + "a".repeat(100_000) + "\"}");

        assertEquals(415, client.post(ping, "Content-Type", "text/plain").statusCode());
        assertEquals(413, client.post(long_).statusCode());
        assertEquals(406, client.post(ping, "Accept", "text/html").statusCode());
        assertEquals(406, client.send("GET", "", "Accept", "application/json").statusCode());
    }

    @Test
    void otherMethodsAreNotPossible() {
        HttpResponse<String> answer = client.send("PUT", "{}");

        assertEquals(405, answer.statusCode());
        assertEquals("DELETE, GET, POST", answer.headers().firstValue("allow").orElseThrow());
    }

    @Test
    void pagesOfOtherOriginsAreRefused() {
        String hello = McpClient.hello("2025-11-25", "{}");

        assertEquals(403, client.post(hello, "Origin", "https://evil.example").statusCode());
        assertEquals(200, client.post(hello, "Origin", "http://localhost:3000").statusCode());
    }

    @Test
    void whoHasNoKeyHearsOfItFirst() {
        Setup keyed =
                Setup.usual()
                        .with(
                                key -> {
                                    if (key.isEmpty()) {
                                        throw new Failure(FailureCode.UNAUTHORIZED, "A key!");
                                    }
                                    return Caller.ANONYMOUS;
                                });
        try (McpServer closed = new McpServer(tools, new FakeSource(), keyed);
                McpClient stranger = new McpClient(closed)) {
            for (String body : new String[] {McpClient.hello("2025-11-25", "{}"), "{", "[]"}) {
                HttpResponse<String> answer = stranger.post(body);

                assertEquals(401, answer.statusCode());
                assertTrue(
                        answer.headers()
                                .firstValue("www-authenticate")
                                .orElseThrow()
                                .startsWith("Bearer"));
            }
            assertEquals(401, stranger.send("GET", "").statusCode());
            assertEquals(401, stranger.send("DELETE", "").statusCode());
        }
    }

    @Test
    void callsAreCountedByTheirMethod() throws Exception {
        assertEquals("mcp/initialize", server.awaitEnd().method());
        client.ask("ping", "{}");
        assertEquals("mcp/ping", server.awaitEnd().method());
        client.ask("none/such", "{}");
        assertEquals("mcp/other", server.awaitEnd().method());
        client.post("{");
        assertEquals("invalid_request", server.awaitEnd().outcome());
    }
}
