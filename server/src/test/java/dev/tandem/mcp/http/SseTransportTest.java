package dev.tandem.mcp.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.mcp.McpTransport;
import dev.tandem.mcp.http.FakeReceiver.Heard;
import dev.tandem.mcp.http.ScriptedServer.Asked;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The old HTTP+SSE, asked for and found.
@Timeout(30)
final class SseTransportTest {
    private static final HttpLimits LIMITS =
            new HttpLimits(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(20),
                    Duration.ofMillis(100),
                    3,
                    64 << 10);
    private static final HttpTransports TRANSPORTS = new HttpTransports(LIMITS);

    private final FakeReceiver receiver = new FakeReceiver();
    private final LinkedBlockingQueue<String> said = new LinkedBlockingQueue<>();

    @AfterAll
    static void close() {
        TRANSPORTS.close();
    }

    @Test
    void sendsToTheAddressThatTheStreamNamesAndHearsByTheStream() throws Exception {
        try (ScriptedServer server = new ScriptedServer(this::speaksSse);
                McpTransport transport = sse(server, "/sse")) {
            transport.open(receiver);
            transport.agreed("2024-11-05");
            transport.send(Spoken.ask(1, "ping"));

            assertEquals(new Heard(Spoken.answer(1), OptionalLong.empty()), receiver.heard.take());
            Asked post = server.next("POST");
            assertEquals("/message", post.path());
            assertEquals(Spoken.ask(1, "ping").json(), post.body());
        }
    }

    @Test
    void isFoundWhereAServerKnowsNothingNewer() throws Exception {
        try (ScriptedServer server = new ScriptedServer(this::speaksSse);
                McpTransport transport = either(server, "/sse")) {
            transport.open(receiver);
            transport.agreed("2026-07-28");
            assertThrows(Failure.class, () -> transport.send(Spoken.ask(1, "server/discover")));
            transport.agreed("2025-11-25");
            transport.send(Spoken.ask(2, "initialize"));

            assertEquals(Spoken.answer(2), receiver.heard.take().message());
            transport.send(Spoken.ask(3, "ping"));
            assertEquals(Spoken.answer(3), receiver.heard.take().message());
        }
    }

    @Test
    void isNotLookedForWhereTheServerIsNewer() throws Exception {
        String error = "{\"id\":1,\"error\":{\"code\":-32022,\"message\":\"Unsupported version\"}}";
        try (ScriptedServer server = new ScriptedServer(asked -> asked.json(400, error));
                McpTransport transport = either(server, "/sse")) {
            transport.open(receiver);
            transport.send(Spoken.ask(1, "initialize"));

            assertEquals(error, receiver.heard.take().message());
            assertEquals(1, server.requests.size());
        }
    }

    @Test
    void saysHowTheGreetingWasRefusedWhereTheServerSpeaksNeither() throws Exception {
        try (ScriptedServer server = new ScriptedServer(asked -> asked.status(404));
                McpTransport transport = either(server, "/nothing")) {
            transport.open(receiver);

            Failure failure =
                    assertThrows(Failure.class, () -> transport.send(Spoken.ask(1, "initialize")));

            assertTrue(failure.text().contains("HTTP 404"), failure::text);
            assertEquals("POST", server.requests.take().method());
            assertEquals("GET", server.requests.take().method());
        }
    }

    @Test
    void sendsNothingToAnotherOrigin() throws Exception {
        try (ScriptedServer server = new ScriptedServer(this::speaksSse)) {
            for (String path : new String[] {"/foreign", "/silent", "/none", "/page"}) {
                McpTransport transport = sse(server, path);

                assertThrows(IOException.class, () -> transport.open(receiver), path);

                transport.close();
            }
        }
    }

    @Test
    void endsWithItsStream() throws Exception {
        try (ScriptedServer server = new ScriptedServer(this::speaksSse);
                McpTransport transport = sse(server, "/sse")) {
            transport.open(receiver);

            said.add("");

            assertEquals("it closed its stream", receiver.end.get());
            assertThrows(IOException.class, () -> transport.send(Spoken.ask(1, "ping")));
        }
    }

    @Test
    void endsWithItsSession() throws Exception {
        try (ScriptedServer server = new ScriptedServer(this::speaksSse);
                McpTransport transport = sse(server, "/sse")) {
            transport.open(receiver);

            assertThrows(Failure.class, () -> transport.send(Spoken.ask(1, "expired")));

            assertEquals("the session has expired", receiver.end.get());
        }
    }

    private void speaksSse(Asked asked) throws IOException, InterruptedException {
        switch (asked.path()) {
            case "/sse" -> {
                if (asked.method().equals("POST")) {
                    asked.status(405);
                    return;
                }
                asked.stream().say("event: endpoint\ndata: /message?sessionId=1\n\n");
                for (String text = said.take(); !text.isEmpty(); text = said.take()) {
                    asked.say("event: message\ndata: " + text + "\n\n");
                }
            }
            case "/message" -> {
                boolean expired = asked.body().contains("expired");
                asked.status(expired ? 404 : 202);
                int id = asked.body().indexOf("\"id\":") + 5;
                said.add(Spoken.answer(asked.body().charAt(id) - '0'));
            }
            case "/foreign" ->
                    asked.stream().say("event: endpoint\ndata: http://127.0.0.1:1/message\n\n");
            case "/silent" -> {
                asked.stream().say(": hello\n\n");
                Thread.sleep(Duration.ofMinutes(1));
            }
            case "/page" -> asked.body(200, "text/html", "<html>");
            default -> asked.status(404);
        }
    }

    private McpTransport sse(ScriptedServer server, String path) {
        return TRANSPORTS.sse(new HttpEndpoint(server.url(path)), Authorizer.NONE, AddressRule.ANY);
    }

    private McpTransport either(ScriptedServer server, String path) {
        return TRANSPORTS.either(
                new HttpEndpoint(server.url(path)), Authorizer.NONE, AddressRule.ANY);
    }
}
