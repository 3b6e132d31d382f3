package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.edge.socket.SocketClient;
import dev.tandem.testing.RecordedUpstream;
import dev.tandem.testing.RecordedUpstream.Answer;
import dev.tandem.testing.RecordedUpstream.Delivery;
import dev.tandem.testing.Served;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The WebSocket in front of the whole server: what leaving, cancelling and stopping do to the call
/// to the provider.
@Timeout(60)
final class SocketAcrossTheServerTest {
    private static final Duration MOST = Duration.ofSeconds(5);

    @TempDir Path folder;

    private RecordedUpstream upstream;
    private RunningServer server;
    private SocketClient client;

    @BeforeEach
    void start() {
        upstream = new RecordedUpstream(List.of());
        upstream.answer(Answer.stream("").delivered(Delivery.stallingAfter(0)));
        server = RunningServer.asking(folder, upstream.uri());
        client = SocketClient.open(uri(server));
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        upstream.close();
    }

    private static URI uri(RunningServer server) {
        return URI.create("ws://127.0.0.1:" + server.port() + "/v1/ws");
    }

    private static String chat(String more) {
        return """
        {"id":"1","type":"chat","request":{%s"model":"claude-sonnet-4-6",\
        "messages":[{"role":"user","content":"hi"}]}}"""
                .formatted(more);
    }

    private String session() {
        return server.post("/v1/sessions", "{\"model\":\"claude-sonnet-4-6\"}")
                .body()
                .replaceAll(".*\"id\":\"([^\"]+)\".*", "$1");
    }

    @Test
    void aClientThatIsGoneEndsTheCallToTheProvider() throws Exception {
        client.send(chat(""));
        Served served = upstream.awaitRequest();

        client.abort();

        served.awaitClose(MOST);
    }

    @Test
    void aSubscriptionThatIsClosedEndsTheCallToTheProvider() throws Exception {
        client.send(chat(""));
        Served served = upstream.awaitRequest();

        client.send("{\"id\":\"1\",\"type\":\"close\"}");

        client.next("end");
        served.awaitClose(MOST);
    }

    @Test
    void theRunOfASessionGoesOnWithoutItsReaderUntilItIsCancelled() throws Exception {
        client.send(chat("\"session_id\":\"" + session() + "\","));
        String run = client.next("event").at("/event/run_id").asText();
        Served served = upstream.awaitRequest();

        client.send("{\"id\":\"1\",\"type\":\"close\"}");

        client.next("end");
        assertTrue(server.get("/v1/runs/" + run).body().contains("\"state\":\"running\""));
        client.send("{\"id\":\"2\",\"type\":\"cancel\",\"run_id\":\"" + run + "\"}");
        JsonNode result = client.next("result");
        assertEquals("2", result.path("id").asText());
        assertEquals("cancelled", result.at("/result/state").asText());
        served.awaitClose(MOST);
    }

    @Test
    void aCancelledRunIsSeenToTheEnd() throws Exception {
        client.send(chat(""));
        JsonNode started = client.next("event");
        assertTrue(started.at("/event").has("started"), started.toString());
        upstream.awaitRequest();

        client.send(
                "{\"id\":\"2\",\"type\":\"cancel\",\"run_id\":\""
                        + started.at("/event/run_id").asText()
                        + "\"}");

        assertTrue(client.next("event").at("/event").has("cancelled"));
        assertEquals("1", client.next("end").path("id").asText());
    }

    @Test
    void aServerThatStopsSaysSo() throws Exception {
        server.close();

        assertEquals("1001 the server stops", client.awaitClose());
    }

    @Test
    void callsAreCounted(@TempDir Path other) throws Exception {
        try (RunningServer scripted =
                        RunningServer.start(
                                other, Map.of("scripted.enabled", "true", "scripted.pace", "0ms"));
                SocketClient one = SocketClient.open(uri(scripted))) {
            one.send(chat("").replace("claude-sonnet-4-6", "scripted/echo"));
            one.next("end");

            String meters = scripted.get("/metrics").body();
            assertTrue(
                    meters.lines()
                            .anyMatch(
                                    line ->
                                            line.startsWith("tandem_requests_total")
                                                    && line.contains("wire=\"websocket\"")
                                                    && line.contains("StreamChatCompletion")),
                    meters);
        }
    }
}
