package dev.tandem.mcp.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.mcp.McpTransport;
import dev.tandem.mcp.http.FakeReceiver.Heard;
import dev.tandem.mcp.http.ScriptedServer.Asked;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Streamable HTTP of the versions that have sessions, with a server that does what a test says.
@Timeout(30)
final class HttpTransportTest {
    private static final HttpLimits LIMITS =
            new HttpLimits(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(20),
                    Duration.ofMillis(100),
                    3,
                    64 << 10);
    private static final HttpTransports TRANSPORTS = new HttpTransports(LIMITS);
    private static final long AT_ONCE_MILLIS = 100;

    private final FakeReceiver receiver = new FakeReceiver();

    @AfterAll
    static void close() {
        TRANSPORTS.close();
    }

    @Test
    void belongsToTheSessionThatTheGreetingOpened() throws Exception {
        try (ScriptedServer server = new ScriptedServer(HttpTransportTest::greets)) {
            McpTransport transport = greeted(server);
            transport.send(Spoken.ask(2, "ping"));
            transport.close();

            Asked greeting = server.next("POST");
            Asked noticed = server.next("POST");
            Asked ping = nextAsk(server, "ping");
            Asked goodbye = server.next("DELETE");
            assertEquals("application/json, text/event-stream", greeting.header("Accept").get());
            assertEquals("application/json", greeting.header("Content-Type").get());
            assertEquals(Optional.empty(), greeting.header("Mcp-Session-Id"));
            assertEquals(Optional.empty(), greeting.header("MCP-Protocol-Version"));
            for (Asked later : List.of(noticed, ping, goodbye)) {
                assertEquals("s-1", later.header("Mcp-Session-Id").orElseThrow());
                assertEquals("2025-11-25", later.header("MCP-Protocol-Version").orElseThrow());
            }
            assertEquals("it was stopped", receiver.end.get());
        }
    }

    @Test
    void handsOnWhatComesBeforeAnAnswerWithTheQuestionItBelongsTo() throws Exception {
        String progress = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}";
        try (ScriptedServer server =
                new ScriptedServer(
                        asked ->
                                asked.stream()
                                        .say(": hello\n\nid: 1\ndata:\n\n")
                                        .say("event: message\ndata: " + progress + "\n\n")
                                        .say("event: other\ndata: {}\n\n")
                                        .say("data: " + Spoken.answer(7) + "\n\n"))) {
            open(server).send(Spoken.ask(7, "tools/call"));

            assertEquals(new Heard(progress, OptionalLong.of(7)), receiver.heard.take());
            assertEquals(new Heard(Spoken.answer(7), OptionalLong.of(7)), receiver.heard.take());
        }
    }

    @Test
    void takesSeveralMessagesInAnArray() throws Exception {
        try (ScriptedServer server =
                new ScriptedServer(
                        asked ->
                                asked.json(200, "[{\"method\":\"a\"}," + Spoken.answer(1) + "]"))) {
            open(server).send(Spoken.ask(1, "ping"));

            assertEquals("{\"method\":\"a\"}", receiver.heard.take().message());
            assertEquals(Spoken.answer(1), receiver.heard.take().message());
        }
    }

    @Test
    void tellsAtOnceEverybodyWhoWaitsThatTheSessionHasExpired() throws Exception {
        CountDownLatch waiting = new CountDownLatch(2);
        try (ScriptedServer server =
                new ScriptedServer(
                        asked -> {
                            if (asked.body().contains("slow")) {
                                asked.stream().say(": wait\n\n");
                                waiting.countDown();
                                Thread.sleep(Duration.ofMinutes(1));
                            } else if (asked.body().contains("ping")) {
                                asked.status(404);
                            } else {
                                greets(asked);
                            }
                        })) {
            McpTransport transport = greeted(server);
            CompletableFuture<Void> first = Spoken.sent(transport, Spoken.ask(2, "slow"));
            CompletableFuture<Void> second = Spoken.sent(transport, Spoken.ask(3, "slow"));
            waiting.await();

            long begun = System.nanoTime();
            transport.send(Spoken.ask(4, "ping"));

            assertEquals("the session has expired", receiver.end.get(1, TimeUnit.SECONDS));
            assertThrows(ExecutionException.class, first::get);
            assertThrows(ExecutionException.class, second::get);
            assertSoon(begun);
            assertThrows(IOException.class, () -> transport.send(Spoken.ask(5, "ping")));
        }
    }

    @Test
    void believesAServerThatSays400WhereItMeansThatTheSessionHasExpired() throws Exception {
        String error =
                "{\"error\":{\"code\":-32000,\"message\":\"Bad Request: No valid session ID\"}}";
        try (ScriptedServer server =
                new ScriptedServer(
                        asked -> {
                            if (asked.body().contains("ping")) {
                                asked.json(400, error);
                            } else {
                                greets(asked);
                            }
                        })) {
            greeted(server).send(Spoken.ask(2, "ping"));

            assertEquals("the session has expired", receiver.end.get());
        }
    }

    @Test
    void takesUpAStreamThatTheServerClosedAfterTheTimeItNamed() throws Exception {
        List<Long> times = new ArrayList<>();
        try (ScriptedServer server =
                new ScriptedServer(
                        asked -> {
                            times.add(System.nanoTime());
                            if (asked.method().equals("POST")) {
                                asked.stream().say("id: a\nretry: 300\ndata:\n\n");
                            } else {
                                asked.stream().say("id: b\ndata: " + Spoken.answer(1) + "\n\n");
                            }
                        })) {
            open(server).send(Spoken.ask(1, "tools/call"));

            assertEquals("a", server.next("GET").header("Last-Event-ID").orElseThrow());
            assertEquals(new Heard(Spoken.answer(1), OptionalLong.of(1)), receiver.heard.take());
            assertTrue(times.get(1) - times.get(0) >= 300_000_000, times::toString);
        }
    }

    @Test
    void takesUpAStreamThatBrokeAtOnceAndAsOftenAsItBreaks() throws Exception {
        try (ScriptedServer server =
                new ScriptedServer(
                        asked -> {
                            String last = asked.header("Last-Event-ID").orElse("0");
                            if (last.equals("8")) {
                                asked.stream().say("data: " + Spoken.answer(1) + "\n\n");
                            } else {
                                String next = "" + (Integer.parseInt(last) + 1);
                                asked.stream().say("id: %s\ndata: {}\n\n".formatted(next));
                                asked.breakOff();
                            }
                        })) {
            long begun = System.nanoTime();
            open(server).send(Spoken.ask(1, "tools/call"));

            for (int i = 0; i < 8; i++) {
                assertEquals("{}", receiver.heard.take().message());
            }
            assertEquals(Spoken.answer(1), receiver.heard.take().message());
            assertTrue(System.nanoTime() - begun < 2_000_000_000L);
        }
    }

    @Test
    void givesUpAStreamThatCannotBeTakenUp() throws Exception {
        try (ScriptedServer server =
                new ScriptedServer(
                        asked -> {
                            if (asked.method().equals("POST")) {
                                asked.stream().say("id: a\ndata:\n\n");
                            } else {
                                asked.status(502);
                            }
                        })) {
            McpTransport transport = open(server);

            Failure failure =
                    assertThrows(Failure.class, () -> transport.send(Spoken.ask(1, "tools/call")));

            assertEquals(FailureCode.UPSTREAM_ERROR, failure.code());
            assertEquals(1 + LIMITS.attemptsMax(), server.requests.size());
        }
    }

    @Test
    void saysAtOnceThatAStreamBrokeWhichCannotBeTakenUp() throws Exception {
        try (ScriptedServer server =
                new ScriptedServer(
                        asked -> {
                            asked.stream().say("data: {}\n\n");
                            if (asked.body().contains("breaks")) {
                                asked.breakOff();
                            }
                        })) {
            McpTransport transport = open(server);

            Failure broken =
                    assertThrows(Failure.class, () -> transport.send(Spoken.ask(1, "breaks")));
            Failure closed =
                    assertThrows(Failure.class, () -> transport.send(Spoken.ask(2, "closes")));

            assertEquals(FailureCode.UPSTREAM_ERROR, broken.code());
            assertTrue(closed.text().contains("before it was complete"), closed::text);
            assertEquals(2, server.requests.size());
        }
    }

    @Test
    void endsWhereNobodyTakesConnections() throws Exception {
        McpTransport transport;
        try (ScriptedServer server = new ScriptedServer(HttpTransportTest::greets)) {
            transport = open(server);
        }

        long begun = System.nanoTime();
        Failure failure =
                assertThrows(Failure.class, () -> transport.send(Spoken.ask(1, "initialize")));

        assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, failure.code());
        assertEquals("it takes no connections", receiver.end.get());
        assertSoon(begun);
    }

    @Test
    void hangsUpWhereNobodyWaitsForTheAnswerAnyMore() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch noticed = new CountDownLatch(1);
        try (ScriptedServer server =
                new ScriptedServer(
                        asked -> {
                            asked.stream();
                            begun.countDown();
                            try {
                                while (true) {
                                    asked.say(": still there\n\n");
                                    Thread.sleep(5);
                                }
                            } catch (IOException gone) {
                                noticed.countDown();
                                throw gone;
                            }
                        })) {
            McpTransport transport = open(server);
            CompletableFuture<Void> call = Spoken.sent(transport, Spoken.ask(1, "tools/call"));
            begun.await();

            transport.forget(1);

            ExecutionException stopped = assertThrows(ExecutionException.class, call::get);
            assertInstanceOf(IOException.class, stopped.getCause());
            noticed.await();
            assertFalse(receiver.end.isDone());
        }
    }

    @Test
    void handsOnTheErrorInARefusalAsTheAnswer() throws Exception {
        String error = "\"error\":{\"code\":-32602,\"message\":\"no such tool\"}";
        try (ScriptedServer server =
                new ScriptedServer(
                        asked ->
                                asked.json(
                                        400, "{\"jsonrpc\":\"2.0\",\"id\":null," + error + "}"))) {
            open(server).send(Spoken.ask(3, "tools/call"));

            assertEquals(
                    "{\"jsonrpc\":\"2.0\",\"id\":3," + error + "}",
                    receiver.heard.take().message());
        }
    }

    @Test
    void saysHowAServerRefusesThatGivesNoReason() throws Exception {
        try (ScriptedServer server =
                new ScriptedServer(
                        asked -> {
                            switch (asked.path()) {
                                case "/busy" -> asked.set("Retry-After", "7").status(503);
                                case "/page" -> asked.body(200, "text/html", "<html>");
                                case "/large" ->
                                        asked.json(200, "{\"x\":\"" + "x".repeat(70_000) + "\"}");
                                default -> asked.status(405);
                            }
                        })) {
            Failure busy = refused(server, "/busy");
            Failure page = refused(server, "/page");
            Failure large = refused(server, "/large");
            Failure other = refused(server, "/other");

            assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, busy.code());
            assertEquals(Duration.ofSeconds(7), busy.retryAfter().orElseThrow());
            assertTrue(page.text().contains("text/html"), page::text);
            assertTrue(large.text().contains("more than 65536 bytes"), large::text);
            assertTrue(other.text().contains("405; is its URL right?"), other::text);
        }
    }

    private Failure refused(ScriptedServer server, String path) {
        McpTransport transport =
                TRANSPORTS.streamable(
                        new HttpEndpoint(server.url(path)), Authorizer.NONE, AddressRule.ANY);
        return assertThrows(
                Failure.class,
                () -> {
                    transport.open(receiver);
                    transport.send(Spoken.ask(1, "ping"));
                });
    }

    private McpTransport open(ScriptedServer server) throws IOException {
        McpTransport transport =
                TRANSPORTS.streamable(
                        new HttpEndpoint(server.url()), Authorizer.NONE, AddressRule.ANY);
        transport.open(receiver);
        return transport;
    }

    private McpTransport greeted(ScriptedServer server) throws Exception {
        McpTransport transport = open(server);
        transport.send(Spoken.ask(1, "initialize"));
        assertEquals(Spoken.answer(1), receiver.heard.take().message());
        transport.agreed("2025-11-25");
        transport.send(Spoken.INITIALIZED);
        return transport;
    }

    private static void greets(Asked asked) throws IOException {
        if (asked.body().contains("\"initialize\"")) {
            asked.set("Mcp-Session-Id", "s-1").json(200, Spoken.answer(1));
        } else if (asked.body().contains("\"id\":2")) {
            asked.json(200, Spoken.answer(2));
        } else {
            asked.status(asked.method().equals("POST") ? 202 : 405);
        }
    }

    private static Asked nextAsk(ScriptedServer server, String method) throws InterruptedException {
        while (true) {
            Asked asked = server.next("POST");
            if (asked.body().contains(method)) {
                return asked;
            }
        }
    }

    private static void assertSoon(long begunNanos) {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos);
        assertTrue(millis <= AT_ONCE_MILLIS, () -> millis + " ms");
    }
}
