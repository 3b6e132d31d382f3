package dev.tandem.edge.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.observe.CallObserver.CallEnd;
import dev.tandem.testing.FakeContract;
import dev.tandem.v1.CancelRunRequest;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.Run;
import dev.tandem.v1.RunState;
import dev.tandem.v1.WatchRunRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many calls on one WebSocket.
@Timeout(60)
final class SubscriptionsTest {
    private final FakeRuns runs = new FakeRuns();
    private final FakeContract contract = runs.contract();
    private SocketServer server;
    private SocketClient client;

    @BeforeEach
    void start() {
        server = new SocketServer(contract);
        client = SocketClient.open(server.uri());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void aChatIsItsEventsAndAnEnd() throws Exception {
        client.send(FakeRuns.chat("1", "a"));
        runs.say("a", "hel");
        runs.say("a", "lo");
        runs.end("a");

        assertEquals(
                "{\"id\":\"1\",\"type\":\"event\","
                        + "\"event\":{\"run_id\":\"a\",\"text\":{\"text\":\"hel\"}}}",
                client.next().toString());
        assertEquals("lo", client.next().at("/event/text/text").asText());
        assertEquals("{\"id\":\"1\",\"type\":\"end\"}", client.next().toString());
        assertEquals(
                "a",
                ((ChatCompletionRequest) contract.last().request()).getMessages(0).getContent());
    }

    @Test
    void theCallsAreThePipelines() throws Exception {
        client.send(FakeRuns.chat("1", "a"));
        runs.say("a", "x");
        runs.end("a");
        client.next("end");

        CallEnd handshake = server.awaitEnd();
        CallEnd chat = server.awaitEnd();
        assertEquals("v1/ws", handshake.method());
        assertEquals("ChatService/StreamChatCompletion", chat.method());
        assertEquals("websocket", chat.wire());
        assertEquals("ok", chat.outcome());
        assertEquals(1, chat.answers());
        assertTrue(!chat.requestId().equals(handshake.requestId()));
    }

    @Test
    void threeAtOnceDoNotWaitForEachOther() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            client.send(FakeRuns.chat("id of " + name, name));
            assertEquals(name, runs.awaitBegun());
        }

        for (String name : List.of("c", "a", "b", "a", "c", "b")) {
            runs.say(name, "word of " + name);
            JsonNode message = client.next();
            assertEquals("id of " + name, message.path("id").asText());
            assertEquals("word of " + name, message.at("/event/text/text").asText());
        }
        for (String name : List.of("b", "c", "a")) {
            runs.end(name);
            assertEquals(
                    "{\"id\":\"id of " + name + "\",\"type\":\"end\"}", client.next().toString());
        }
    }

    @Test
    void aRunIsFollowedFromACursor() throws Exception {
        contract.stream(
                "WatchRun",
                (call, request, sink) -> {
                    sink.send(FakeRuns.event("run_1", "again").toBuilder().setCursor("c2").build());
                    sink.flush();
                });

        client.send("{\"id\":\"2\",\"type\":\"watch_run\",\"run_id\":\"run_1\",\"after\":\"c1\"}");

        assertEquals("c2", client.next("event").at("/event/cursor").asText());
        client.next("end");
        WatchRunRequest asked = (WatchRunRequest) contract.last().request();
        assertEquals("run_1", asked.getRunId());
        assertEquals("c1", asked.getAfter());
    }

    @Test
    void aSessionIsWatched() throws Exception {
        client.send("{\"id\":\"3\",\"type\":\"watch_session\",\"session_id\":\"sess_1\"}");

        assertEquals("{\"id\":\"3\",\"type\":\"end\"}", client.next().toString());
        assertEquals("WatchSession", contract.last().method());
    }

    @Test
    void aRunIsCancelledAndReturned() throws Exception {
        contract.answer(
                "CancelRun",
                (call, request) ->
                        Run.newBuilder()
                                .setId(((CancelRunRequest) request).getRunId())
                                .setState(RunState.RUN_STATE_CANCELLED)
                                .build());
        client.send(FakeRuns.chat("1", "a"));
        runs.awaitBegun();

        client.send("{\"id\":\"1\",\"type\":\"cancel\",\"run_id\":\"run_1\"}");

        JsonNode result = client.next();
        assertEquals("result", result.path("type").asText());
        assertEquals("1", result.path("id").asText());
        assertEquals("run_1", result.at("/result/id").asText());
        assertEquals("cancelled", result.at("/result/state").asText());
    }

    @Test
    void oneIsLeftAndTheOthersGoOn() throws Exception {
        client.send(FakeRuns.chat("1", "a")).send(FakeRuns.chat("2", "b"));
        runs.awaitBegun();
        runs.awaitBegun();

        client.send("{\"id\":\"1\",\"type\":\"close\"}");

        assertEquals("a", runs.awaitLeft());
        assertEquals("{\"id\":\"1\",\"type\":\"end\"}", client.next().toString());
        runs.say("b", "still here");
        assertEquals("still here", client.next("event").at("/event/text/text").asText());
        client.send(FakeRuns.chat("1", "c"));
        assertEquals("c", runs.awaitBegun());
    }

    @Test
    void leavingWhatHasEndedIsNoMistake() throws Exception {
        client.send("{\"id\":\"1\",\"type\":\"close\"}").send("{\"type\":\"ping\"}");

        assertEquals("{\"type\":\"pong\"}", client.next().toString());
    }

    @Test
    void pingsAreAnswered() throws Exception {
        client.send("{\"type\":\"ping\"}").send("{\"id\":\"p\",\"type\":\"ping\"}");

        assertEquals("{\"type\":\"pong\"}", client.next().toString());
        assertEquals("{\"id\":\"p\",\"type\":\"pong\"}", client.next().toString());
    }

    @Test
    void aFailureIsTheLastOfItsSubscription() throws Exception {
        contract.stream(
                "StreamChatCompletion",
                (call, request, sink) -> {
                    sink.send(FakeRuns.event("r", "half"));
                    throw Failure.notFound("model", "There is no such model.");
                });

        client.send(FakeRuns.chat("1", "a"));

        assertEquals("half", client.next("event").at("/event/text/text").asText());
        JsonNode message = client.next();
        assertEquals("1", message.path("id").asText());
        JsonNode error = message.path("error");
        assertEquals("There is no such model.", error.path("message").asText());
        assertEquals("invalid_request_error", error.path("type").asText());
        assertEquals("model", error.path("param").asText());
        assertEquals("not_found", error.path("code").asText());
        assertEquals(404, error.path("status").asInt());
        assertEquals(message.at("/error/request_id").asText(), contract.last().call().requestId());
        assertEquals(6, error.size());
    }

    @Test
    void anUnexpectedProblemIsNotShown() throws Exception {
        contract.stream(
                "StreamChatCompletion",
                (call, request, sink) -> {
                    throw new IllegalStateException("secret");
                });

        client.send(FakeRuns.chat("1", "a"));

        JsonNode error = client.next("error");
        assertEquals("internal", error.at("/error/code").asText());
        assertTrue(!error.toString().contains("secret"));
    }

    @Test
    void whatIsNoMessageIsAnsweredWithoutAnId() throws Exception {
        for (String wrong : List.of("{", "", "[]", "{\"id\":7}", "\"chat\"", "{\"id\":\"\"}")) {
            client.send(wrong);

            JsonNode message = client.next();
            assertEquals("error", message.path("type").asText(), wrong);
            assertTrue(message.path("id").isNull(), wrong);
            assertEquals("invalid_request", message.at("/error/code").asText(), wrong);
        }
    }

    @Test
    void whatIsWrongInAMessageIsNamed() throws Exception {
        assertWrong("{\"id\":\"1\"}", "1", "type");
        assertWrong("{\"id\":\"1\",\"type\":\"dance\"}", "1", "type");
        assertWrong("{\"type\":\"chat\",\"request\":{}}", "", "id");
        assertWrong("{\"type\":\"close\"}", "", "id");
        assertWrong("{\"id\":\"1\",\"type\":\"chat\"}", "1", "request");
        assertWrong(
                "{\"id\":\"1\",\"type\":\"chat\",\"request\":{},\"model\":\"m\"}", "1", "model");
        assertWrong("{\"id\":\"1\",\"type\":\"chat\",\"request\":{\"modle\":\"m\"}}", "1", "modle");
        assertWrong("{\"id\":\"1\",\"type\":\"watch_run\",\"since\":\"c\"}", "1", "since");
        assertWrong("{\"id\":\"1\",\"type\":\"ping\",\"text\":\"a\"}", "1", "text");
        assertEquals(List.of(), contract.asked());
    }

    private void assertWrong(String json, String id, String param) throws InterruptedException {
        client.send(json);

        JsonNode message = client.next();
        assertEquals("error", message.path("type").asText(), json);
        assertEquals(id, message.path("id").asText(""), json);
        assertEquals(param, message.at("/error/param").asText(), json);
        assertEquals(400, message.at("/error/status").asInt(), json);
    }

    @Test
    void anIdIsOfOneStreamAtATime() throws Exception {
        client.send(FakeRuns.chat("1", "a"));
        runs.awaitBegun();

        client.send(FakeRuns.chat("1", "b"));

        JsonNode message = client.next();
        assertTrue(message.path("id").isNull(), "an error with the id would end the first one");
        assertEquals("id", message.at("/error/param").asText());
        runs.say("a", "not disturbed");
        assertEquals("1", client.next("event").path("id").asText());
    }

    @Test
    void noMoreThanTheSettingsAllow() throws Exception {
        SocketSettings two =
                new SocketSettings(
                        1 << 20,
                        2,
                        Duration.ofSeconds(20),
                        Duration.ofMinutes(1),
                        Duration.ofHours(1));
        try (SocketServer small = new SocketServer(contract, SocketServer.Setup.usual().with(two));
                SocketClient few = SocketClient.open(small.uri())) {
            few.send(FakeRuns.chat("1", "a")).send(FakeRuns.chat("2", "b"));
            few.send(FakeRuns.chat("3", "c"));

            JsonNode refused = few.next();
            assertEquals("3", refused.path("id").asText());
            assertEquals(FailureCode.RATE_LIMITED.word(), refused.at("/error/code").asText());
            runs.end("a");
            assertEquals("1", few.next("end").path("id").asText());
            few.send(FakeRuns.chat("3", "c"));
            runs.say("c", "now");
            assertEquals("3", few.next("event").path("id").asText());
        }
    }

    @Test
    void whatIsNotServedIsNotOffered() throws Exception {
        try (SocketServer small =
                        new SocketServer(
                                contract.methods().stream()
                                        .filter(method -> !method.fullName().contains("Watch"))
                                        .toList(),
                                SocketServer.Setup.usual());
                SocketClient few = SocketClient.open(small.uri())) {
            few.send("{\"id\":\"1\",\"type\":\"watch_run\",\"run_id\":\"r\"}");

            assertEquals(
                    "type must be one of cancel, chat, close, ping, was 'watch_run'.",
                    few.next("error").at("/error/message").asText());
        }
    }
}
