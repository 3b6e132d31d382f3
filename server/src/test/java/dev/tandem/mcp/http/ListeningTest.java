package dev.tandem.mcp.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.mcp.McpTransport;
import dev.tandem.mcp.http.FakeReceiver.Heard;
import dev.tandem.mcp.http.ScriptedServer.Asked;
import dev.tandem.mcp.http.ScriptedServer.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The stream that brings what a server says by itself.
@Timeout(30)
final class ListeningTest {
    private static final HttpLimits LIMITS =
            new HttpLimits(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(20),
                    Duration.ofMillis(100),
                    3,
                    64 << 10);
    private static final HttpTransports TRANSPORTS = new HttpTransports(LIMITS);
    private static final String CHANGED = "{\"method\":\"notifications/tools/list_changed\"}";

    private final FakeReceiver receiver = new FakeReceiver();

    @AfterAll
    static void close() {
        TRANSPORTS.close();
    }

    @Test
    void hearsWhatAServerSaysByItselfAndTakesUpTheStreamWhereItStood() throws Exception {
        try (ScriptedServer server =
                        server(
                                asked -> {
                                    String last = asked.header("Last-Event-ID").orElse("0");
                                    String next = "" + (Integer.parseInt(last) + 1);
                                    asked.stream()
                                            .say("id: " + next + "\ndata: " + CHANGED + "\n\n");
                                    if (next.equals("2")) {
                                        asked.breakOff();
                                    } else if (next.equals("4")) {
                                        Thread.sleep(Duration.ofMinutes(1));
                                    }
                                });
                McpTransport transport = greeted(server)) {
            for (int i = 0; i < 4; i++) {
                assertEquals(new Heard(CHANGED, OptionalLong.empty()), receiver.heard.take());
            }

            Asked first = server.next("GET");
            assertEquals("text/event-stream", first.header("Accept").orElseThrow());
            assertEquals("s-1", first.header("Mcp-Session-Id").orElseThrow());
            assertEquals("2025-06-18", first.header("MCP-Protocol-Version").orElseThrow());
            assertEquals(Optional.empty(), first.header("Last-Event-ID"));
            assertEquals("1", server.next("GET").header("Last-Event-ID").orElseThrow());
            assertFalse(receiver.end.isDone());
            transport.send(Spoken.ask(2, "ping"));
            assertEquals(Spoken.answer(2), receiver.heard.take().message());
        }
    }

    @Test
    void doesWithoutTheStreamWhereItIsNotOffered() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (ScriptedServer server =
                        server(
                                request -> {
                                    asked.incrementAndGet();
                                    request.status(405);
                                });
                McpTransport transport = greeted(server)) {
            Asked _ = server.next("GET");

            transport.send(Spoken.ask(2, "ping"));

            assertEquals(Spoken.answer(2), receiver.heard.take().message());
            assertEquals(1, asked.get());
        }
    }

    @Test
    void triesAServerThatIsBusyOnlySoOften() throws Exception {
        try (ScriptedServer server = server(request -> request.status(503));
                McpTransport transport = greeted(server)) {
            for (int i = 0; i <= LIMITS.attemptsMax(); i++) {
                Asked _ = server.next("GET");
            }

            transport.send(Spoken.ask(2, "ping"));

            assertEquals(Spoken.answer(2), receiver.heard.take().message());
            assertFalse(receiver.end.isDone());
        }
    }

    @Test
    void noticesThatTheSessionHasExpired() throws Exception {
        try (ScriptedServer server =
                        server(
                                request -> {
                                    if (request.header("Last-Event-ID").isPresent()) {
                                        request.status(404);
                                    } else {
                                        request.stream().say("id: 1\ndata:\n\n");
                                    }
                                });
                McpTransport transport = greeted(server)) {
            assertEquals("the session has expired", receiver.end.get());
            assertThrows(IOException.class, () -> transport.send(Spoken.ask(2, "ping")));
        }
    }

    @Test
    void noticesThatTheServerIsGone() throws Exception {
        ScriptedServer server = server(asked -> asked.stream().say(": hello\n\n").breakOff());
        try (McpTransport transport = greeted(server)) {
            Asked _ = server.next("GET");

            server.close();

            assertEquals("it takes no connections", receiver.end.get(2, TimeUnit.SECONDS));
            assertThrows(IOException.class, () -> transport.send(Spoken.ask(2, "ping")));
        }
    }

    @Test
    void hearsAnAnswerThatComesByIt() throws Exception {
        try (ScriptedServer server =
                        server(asked -> asked.stream().say("data: " + Spoken.answer(3) + "\n\n"));
                McpTransport transport = greeted(server)) {
            transport.send(Spoken.ask(3, "accepted"));

            assertEquals(new Heard(Spoken.answer(3), OptionalLong.empty()), receiver.heard.take());
        }
    }

    private static ScriptedServer server(Script stream) throws Exception {
        return new ScriptedServer(
                asked -> {
                    if (asked.method().equals("GET")) {
                        stream.answer(asked);
                    } else if (asked.body().contains("\"initialize\"")) {
                        asked.set("Mcp-Session-Id", "s-1").json(200, Spoken.answer(1));
                    } else if (asked.body().contains("\"ping\"")) {
                        asked.json(200, Spoken.answer(2));
                    } else {
                        asked.status(202);
                    }
                });
    }

    private McpTransport greeted(ScriptedServer server) throws Exception {
        McpTransport transport =
                TRANSPORTS.streamable(
                        new HttpEndpoint(server.url()), Authorizer.NONE, AddressRule.ANY);
        transport.open(receiver);
        transport.send(Spoken.ask(1, "initialize"));
        assertEquals(Spoken.answer(1), receiver.heard.take().message());
        transport.agreed("2025-06-18");
        transport.send(Spoken.INITIALIZED);
        return transport;
    }
}
