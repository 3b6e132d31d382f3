package dev.tandem.mcp;

import static dev.tandem.mcp.Running.begun;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.conversation.Content;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolWatcher;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Calls of servers that want to know something before they answer.
final class InputRoundsTest {
    private static final String DONE =
            "{\"resultType\":\"complete\",\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}";
    private static final String ASKS =
            """
            {"resultType":"input_required","requestState":"sealed","inputRequests":{
              "who":{"method":"elicitation/create","params":{"message":"Who?","requestedSchema":
                {"type":"object","properties":{"name":{"type":"string","default":"Ada"}}}}},
              "where":{"method":"roots/list"},
              "what":{"method":"sampling/createMessage","params":{"messages":[]}}}}
            """;
    private static final String PAGES =
            """
            {"elicitations":[{"mode":"url","elicitationId":"e1","message":"Sign in.",
              "url":"https://example.com/in"}]}
            """;

    @Test
    void repeatsACallWithWhatTheServerWantsToKnow() throws Exception {
        FakeServer server =
                FakeServer.stateless()
                        .on(
                                "tools/call",
                                (params, _) -> params.has("inputResponses") ? DONE : ASKS);
        FakeWatcher watcher =
                new FakeWatcher()
                        .accepts(ToolQuestion.Form.class, "{}")
                        .accepts(ToolQuestion.Sampling.class, "{\"model\":\"m\"}");
        try (McpConnection connection = server.connect(new FakeHost())) {
            ToolOutput output = call(connection, watcher);

            JsonNode first = server.sent("tools/call");
            JsonNode second = server.sent("tools/call");
            assertEquals(List.of(new Content.Text("done")), output.content());
            assertEquals("sealed", second.path("requestState").asText());
            assertEquals("t", second.path("name").asText());
            assertEquals("{\"a\":1.0}", second.path("arguments").toString());
            JsonNode responses = second.path("inputResponses");
            assertEquals("Ada", responses.at("/who/content/name").asText());
            assertEquals("work", responses.at("/where/roots/0/name").asText());
            assertEquals("m", responses.at("/what/model").asText());
            assertNotEquals(first.at("/_meta/progressToken"), second.at("/_meta/progressToken"));
            assertFalse(first.has("requestState"));
        }
    }

    @Test
    void sendsBackNoStateThatItWasNotGiven() throws Exception {
        FakeServer server =
                FakeServer.stateless()
                        .on(
                                "tools/call",
                                (params, _) ->
                                        params.has("inputResponses")
                                                ? DONE
                                                : ASKS.replace("\"requestState\":\"sealed\",", ""));
        FakeWatcher watcher =
                new FakeWatcher().accepts(ToolQuestion.Sampling.class, "{\"model\":\"m\"}");
        try (McpConnection connection = server.connect()) {
            ToolOutput _ = call(connection, watcher);

            JsonNode _ = server.sent("tools/call");
            JsonNode second = server.sent("tools/call");
            assertFalse(second.has("requestState"));
            assertEquals("decline", second.at("/inputResponses/who/action").asText());
        }
    }

    @Test
    void asksAgainWhereTheServerOnlyWantsItsState() throws Exception {
        FakeServer server =
                FakeServer.stateless()
                        .on(
                                "tools/call",
                                (params, _) ->
                                        params.has("requestState")
                                                ? DONE
                                                : "{\"resultType\":\"input_required\","
                                                        + "\"requestState\":\"later\"}");
        try (McpConnection connection = server.connect()) {
            assertFalse(call(connection, ToolWatcher.NONE).failed());
        }
    }

    @Test
    void givesUpOnAServerThatNeverHasEnough() throws Exception {
        String asks =
                ASKS.replace(",\n  \"what\"", ",\"what\"").replaceAll("(?s),\\s*\"what\".*", "}}");
        AtomicInteger times = new AtomicInteger();
        FakeServer server =
                FakeServer.stateless()
                        .on(
                                "tools/call",
                                (_, _) -> {
                                    times.incrementAndGet();
                                    return asks;
                                });
        try (McpConnection connection = server.connect()) {
            Failure failure = failure(connection);

            assertTrue(failure.text().contains("10 rounds"), failure::text);
            assertEquals(10, times.get());
        }
    }

    @Test
    void saysWhatIsNoAnswer() throws Exception {
        FakeServer server = FakeServer.stateless();
        try (McpConnection connection = server.connect()) {
            server.on("tools/call", "{\"resultType\":\"maybe\"}");
            assertTrue(failure(connection).text().contains("'maybe'"));
            server.on("tools/call", "{\"resultType\":\"input_required\"}");
            assertTrue(failure(connection).text().contains("says not what"));
            server.on("tools/call", ASKS);
            assertTrue(failure(connection).text().contains("User rejected"));
        }
    }

    @Test
    void freesACallerWhoIsAsked() throws Exception {
        FakeServer server = FakeServer.stateless().on("tools/call", ASKS);
        SlowWatcher watcher = new SlowWatcher();
        try (McpConnection connection = server.connect()) {
            Running<ToolOutput> call = begun(() -> call(connection, watcher));
            watcher.awaitQuestion();

            call.interrupt();

            InterruptedException _ = call.failure(InterruptedException.class);
            watcher.awaitInterrupt();
        }
    }

    @Test
    void sendsSomebodyToAPageThatAnOlderServerWantsVisited() throws Exception {
        AtomicInteger times = new AtomicInteger();
        FakeServer server =
                FakeServer.greeted("2025-11-25")
                        .on(
                                "tools/call",
                                (_, _) -> {
                                    if (times.incrementAndGet() == 1) {
                                        throw new FakeServer.Refusal(-32042, "sign in", PAGES);
                                    }
                                    return DONE;
                                });
        FakeWatcher watcher = new FakeWatcher().accepts(ToolQuestion.Page.class, "");
        try (McpConnection connection = server.connect()) {
            ToolOutput output = call(connection, watcher);

            assertEquals(List.of(new Content.Text("done")), output.content());
            assertEquals(
                    new ToolQuestion.Page("Sign in.", "https://example.com/in", "e1"),
                    watcher.questions.remove());
            assertEquals(2, times.get());
        }
    }

    @Test
    void failsWhereNobodyVisitsThePageOrItHelpsNothing() throws Exception {
        AtomicInteger times = new AtomicInteger();
        FakeServer server =
                FakeServer.greeted("2025-11-25")
                        .on(
                                "tools/call",
                                (_, _) -> {
                                    times.incrementAndGet();
                                    throw new FakeServer.Refusal(-32042, "sign in", PAGES);
                                });
        try (McpConnection connection = server.connect()) {
            Failure declined = failure(connection);
            assertEquals(1, times.getAndSet(0));
            Failure again =
                    assertThrows(
                            Failure.class,
                            () ->
                                    call(
                                            connection,
                                            new FakeWatcher()
                                                    .accepts(ToolQuestion.Page.class, "")));

            assertTrue(declined.text().contains("https://example.com/in"), declined::text);
            assertEquals(-32042, McpRefusal.of(declined).orElseThrow().code());
            assertEquals(-32042, McpRefusal.of(again).orElseThrow().code());
            assertEquals(2, times.get());
        }
    }

    private static ToolOutput call(McpConnection connection, ToolWatcher watcher)
            throws InterruptedException {
        return connection.call("t", "{\"a\":1.0}", watcher);
    }

    private static Failure failure(McpConnection connection) {
        Failure failure = assertThrows(Failure.class, () -> call(connection, ToolWatcher.NONE));
        assertEquals(FailureCode.UPSTREAM_ERROR, failure.code());
        return failure;
    }
}
