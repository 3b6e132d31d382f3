package dev.tandem.edge.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.edge.listener.ListenerSettings.Timeouts;
import dev.tandem.testing.FakeContract;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How a WebSocket stays, and how it ends.
@Timeout(60)
final class SocketLifeTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    /// Shorter than a test lasts: none of them may touch a WebSocket.
    private static final Timeouts HASTY =
            new Timeouts(
                    Duration.ofMillis(300), Duration.ofMillis(300), LONG, Duration.ofMillis(300));

    private final FakeRuns runs = new FakeRuns();

    private static SocketSettings settings(Duration ping, Duration silence, Duration idle) {
        return new SocketSettings(1 << 20, 64, ping, silence, idle);
    }

    @Test
    void aClientThatAnswersPingsStaysForAsLongAsItLikes() throws Exception {
        SocketSettings settings = settings(Duration.ofMillis(100), Duration.ofMillis(400), LONG);
        SocketServer.Setup setup = SocketServer.Setup.usual().with(settings).with(HASTY);
        try (SocketServer server = new SocketServer(runs.contract(), setup);
                RawSocket client = RawSocket.open(server.port())) {
            client.text(FakeRuns.chat("1", "a"));
            for (int number = 0; number < 10; number++) {
                client.next(RawSocket.PING);
                client.frame(RawSocket.LAST | RawSocket.PONG, new byte[0]);
            }

            runs.say("a", "still there");
            assertTrue(client.next(RawSocket.TEXT).text().contains("still there"));
        }
    }

    @Test
    void theJdksClientAnswersPings() throws Exception {
        SocketSettings settings =
                settings(Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofSeconds(1));
        SocketServer.Setup setup = SocketServer.Setup.usual().with(settings);
        try (SocketServer server = new SocketServer(runs.contract(), setup);
                SocketClient client = SocketClient.open(server.uri())) {
            assertEquals("1000 no subscription for 1 s", client.awaitClose());
        }
    }

    @Test
    void aClientThatIsSilentIsClosed() throws Exception {
        SocketSettings settings = settings(Duration.ofMillis(100), Duration.ofMillis(400), LONG);
        try (SocketServer server =
                        new SocketServer(
                                runs.contract(), SocketServer.Setup.usual().with(settings));
                RawSocket client = RawSocket.open(server.port())) {
            client.text(FakeRuns.chat("1", "a"));

            assertEquals(
                    "1008 nothing was heard for 400 ms", client.next(RawSocket.CLOSE).closing());
            assertEquals("a", runs.awaitLeft());
            client.awaitEnd();
        }
    }

    @Test
    void aMessageThatDripsIsSilence() throws Exception {
        SocketSettings settings = settings(Duration.ofMillis(100), Duration.ofMillis(400), LONG);
        CompletableFuture<Void> told = new CompletableFuture<>();
        try (SocketServer server =
                        new SocketServer(
                                runs.contract(), SocketServer.Setup.usual().with(settings));
                RawSocket client = RawSocket.open(server.port())) {
            client.head(RawSocket.LAST | RawSocket.TEXT, 1000);
            Thread drip =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            while (!told.isDone()) {
                                                client.send(new byte[1]);
                                                Thread.sleep(30);
                                            }
                                        } catch (Exception closed) {
                                            // the end
                                        }
                                    });

            assertEquals(
                    "1008 nothing was heard for 400 ms", client.next(RawSocket.CLOSE).closing());
            client.awaitEnd();
            told.complete(null);
            drip.join();
        }
    }

    @Test
    void aClientThatLeavesEndsItsSubscriptions() throws Exception {
        try (SocketServer server = new SocketServer(runs.contract())) {
            RawSocket resets = RawSocket.open(server.port());
            resets.text(FakeRuns.chat("1", "a")).text(FakeRuns.chat("2", "b"));
            RawSocket closes = RawSocket.open(server.port());
            closes.text(FakeRuns.chat("1", "c"));
            for (int number = 0; number < 3; number++) {
                runs.awaitBegun();
            }

            resets.reset();
            List<String> first = List.of(runs.awaitLeft(), runs.awaitLeft());
            closes.close();

            assertEquals(List.of("a", "b"), first.stream().sorted().toList());
            assertEquals("c", runs.awaitLeft());
            server.awaitEnd();
            server.awaitEnd();
            for (int number = 0; number < 3; number++) {
                assertEquals("cancelled", server.awaitEnd().outcome());
            }
        }
    }

    @Test
    void aClientThatSaysGoodbyeEndsItsSubscriptions() throws Exception {
        try (SocketServer server = new SocketServer(runs.contract());
                SocketClient client = SocketClient.open(server.uri())) {
            client.send(FakeRuns.chat("1", "a"));
            runs.awaitBegun();

            client.leave();

            assertEquals("a", runs.awaitLeft());
        }
    }

    /// It holds up nobody but itself.
    @Test
    void aClientThatReadsNothingIsCut() throws Exception {
        CompletableFuture<Boolean> cut = new CompletableFuture<>();
        FakeContract contract =
                runs.contract().stream(
                        "WatchRun",
                        (call, request, sink) -> {
                            try {
                                while (true) {
                                    sink.send(FakeRuns.event("r", "x".repeat(10_000)));
                                    sink.flush();
                                }
                            } catch (InterruptedException gone) {
                                cut.complete(true);
                                throw gone;
                            }
                        });
        Timeouts timeouts = new Timeouts(LONG, LONG, Duration.ofMillis(600), LONG);
        try (SocketServer server =
                        new SocketServer(contract, SocketServer.Setup.usual().with(timeouts));
                RawSocket slow = RawSocket.open(server.port());
                SocketClient other = SocketClient.open(server.uri())) {
            slow.text("{\"id\":\"1\",\"type\":\"watch_run\",\"run_id\":\"r\"}");
            slow.text(FakeRuns.chat("2", "a"));
            other.send(FakeRuns.chat("1", "b"));
            runs.say("b", "not held up");

            assertEquals("not held up", other.next("event").at("/event/text/text").asText());
            assertTrue(cut.get(10, TimeUnit.SECONDS));
            assertEquals("a", runs.awaitLeft());
        }
    }

    @Test
    void aServerThatStopsLetsLastWordsThroughAndSaysGoodbye() throws Exception {
        SocketServer server = new SocketServer(runs.contract());
        try (SocketClient client = SocketClient.open(server.uri());
                SocketClient idle = SocketClient.open(server.uri())) {
            client.send(FakeRuns.chat("1", "a")).send(FakeRuns.chat("2", "b"));
            runs.awaitBegun();
            runs.awaitBegun();
            long begin = System.nanoTime();
            Thread drain = Thread.ofVirtual().start(() -> server.drain(Duration.ofSeconds(20)));
            assertEquals("1001 the server stops", idle.awaitClose());
            runs.say("a", "last word");
            runs.end("a");

            assertEquals("last word", client.next("event").at("/event/text/text").asText());
            client.next("end");
            assertEquals("1001 the server stops", client.awaitClose());
            assertEquals("b", runs.awaitLeft());
            drain.join();
            assertTrue(System.nanoTime() - begin < 10_000_000_000L, "long before it is cut");
        }
    }
}
