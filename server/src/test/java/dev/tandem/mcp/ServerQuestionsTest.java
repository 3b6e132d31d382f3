package dev.tandem.mcp;

import static dev.tandem.mcp.Running.begun;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolWatcher;
import java.util.OptionalLong;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a server asks while it runs calls.
final class ServerQuestionsTest {
    private static final String FORM =
            """
            {"message":"Who are you?","requestedSchema":{"type":"object","properties":{
              "name":{"type":"string","default":"Ada"},"age":{"type":"integer","default":36},
              "size":{"type":"number"},"admin":{"type":"boolean","default":false},
              "colour":{"type":"string","enum":["red","blue"],"default":"blue"}}}}
            """;
    private static final String PAGE =
            """
            {"mode":"url","message":"Sign in.","url":"https://example.com/in?a=1",
             "elicitationId":"e1"}
            """;
    private static final String SAMPLING =
            """
            {"messages":[{"role":"user","content":{"type":"text","text":"Capital of France?"}}],
             "maxTokens":5}
            """;

    private final FakeServer server = FakeServer.greeted("2025-11-25");
    private final LinkedBlockingQueue<Long> calls = new LinkedBlockingQueue<>();
    private McpConnection connection;

    @BeforeEach
    void connect() throws InterruptedException {
        server.on(
                "tools/call",
                (_, id) -> {
                    calls.add(id);
                    throw new FakeServer.Silence();
                });
        connection = server.connect();
    }

    @AfterEach
    void close() {
        connection.close();
    }

    /// Begins a call that goes on until it is answered.
    private Running<ToolOutput> call(ToolWatcher watcher) {
        return begun(() -> connection.call("t", "{}", watcher));
    }

    private void finish(long id) {
        server.say("{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":{}}".formatted(id));
    }

    @Test
    void areAnsweredByTheOnlyCallThatIsOnItsWay() throws Exception {
        FakeWatcher watcher =
                new FakeWatcher()
                        .accepts(ToolQuestion.Form.class, "{\"name\":\"Bob\",\"size\":1.0}");
        Running<ToolOutput> call = call(watcher);
        long id = calls.take();

        JsonNode answer = server.asked("elicitation/create", FORM).path("result");
        finish(id);

        assertEquals("accept", answer.path("action").asText());
        assertEquals(
                FakeServer.json(
                        "{\"name\":\"Bob\",\"size\":1.0,\"age\":36,\"admin\":false,"
                                + "\"colour\":\"blue\"}"),
                answer.path("content"));
        ToolQuestion.Form asked = (ToolQuestion.Form) watcher.questions.remove();
        assertEquals("Who are you?", asked.message());
        assertTrue(asked.schemaJson().contains("\"colour\""), asked::schemaJson);
        ToolOutput _ = call.get();
        assertEquals(0, connection.waiting());
    }

    @Test
    void areDeclinedWhereNobodyKnowsForWhomTheyAreAsked() throws Exception {
        FakeWatcher one = new FakeWatcher().accepts(ToolQuestion.Form.class, "{}");
        FakeWatcher two = new FakeWatcher().accepts(ToolQuestion.Form.class, "{}");

        JsonNode none = server.asked("elicitation/create", FORM);
        Running<ToolOutput> first = call(one);
        Running<ToolOutput> second = call(two);
        long firstId = calls.take();
        long secondId = calls.take();
        JsonNode many = server.asked("elicitation/create", FORM);
        JsonNode sampling = server.asked("sampling/createMessage", SAMPLING);
        finish(firstId);
        finish(secondId);

        assertEquals("decline", none.at("/result/action").asText());
        assertEquals("decline", many.at("/result/action").asText());
        assertEquals(-1, sampling.at("/error/code").asInt());
        assertTrue(one.questions.isEmpty());
        ToolOutput _ = first.get();
        ToolOutput _ = second.get();
    }

    @Test
    void areAnsweredByTheCallTheyCameInAnswerTo() throws Exception {
        FakeWatcher one = new FakeWatcher().accepts(ToolQuestion.Form.class, "{\"name\":\"one\"}");
        FakeWatcher two = new FakeWatcher().accepts(ToolQuestion.Form.class, "{\"name\":\"two\"}");
        Running<ToolOutput> first = call(one);
        long firstId = calls.take();
        Running<ToolOutput> second = call(two);
        long secondId = calls.take();

        long _ = server.ask("elicitation/create", FORM, OptionalLong.of(secondId));
        JsonNode forSecond = server.answer();
        long _ = server.ask("elicitation/create", FORM, OptionalLong.of(firstId));
        JsonNode forFirst = server.answer();
        long _ = server.ask("elicitation/create", FORM, OptionalLong.of(99_999));
        JsonNode forNobody = server.answer();
        finish(firstId);
        finish(secondId);

        assertEquals("two", forSecond.at("/result/content/name").asText());
        assertEquals("one", forFirst.at("/result/content/name").asText());
        assertEquals("decline", forNobody.at("/result/action").asText());
        ToolOutput _ = first.get();
        ToolOutput _ = second.get();
    }

    @Test
    void mayBeAboutAPageOrAModel() throws Exception {
        FakeWatcher watcher =
                new FakeWatcher()
                        .accepts(ToolQuestion.Page.class, "")
                        .accepts(
                                ToolQuestion.Sampling.class,
                                "{\"role\":\"assistant\",\"model\":\"m\","
                                        + "\"content\":{\"type\":\"text\",\"text\":\"Paris\"}}");
        Running<ToolOutput> call = call(watcher);
        long id = calls.take();

        JsonNode page = server.asked("elicitation/create", PAGE).path("result");
        JsonNode sampled = server.asked("sampling/createMessage", SAMPLING).path("result");
        finish(id);

        assertEquals("{\"action\":\"accept\"}", page.toString());
        assertEquals("Paris", sampled.at("/content/text").asText());
        assertEquals(
                new ToolQuestion.Page("Sign in.", "https://example.com/in?a=1", "e1"),
                watcher.questions.remove());
        ToolQuestion sampling = watcher.questions.remove();
        assertEquals("Capital of France?", sampling.message());
        ToolOutput _ = call.get();
    }

    @Test
    void areRefusedWhereTheyAreNone() throws Exception {
        assertEquals(-32601, error("tools/list", "{}"));
        assertEquals(-32602, error("elicitation/create", "{\"mode\":\"telepathy\"}"));
        assertEquals(-32602, error("elicitation/create", "{\"requestedSchema\":{}}"));
        assertEquals(-32602, error("elicitation/create", "{\"mode\":\"url\"}"));
        assertEquals(
                -32602,
                error("elicitation/create", "{\"mode\":\"url\",\"url\":\"file:///etc/passwd\"}"));
        assertEquals(-32602, error("sampling/createMessage", "{}"));
        assertEquals("{}", server.asked("ping", "{}").path("result").toString());
    }

    private int error(String method, String params) throws InterruptedException {
        return server.asked(method, params).at("/error/code").asInt();
    }

    @Test
    void failWhereTheWatcherDoes() throws Exception {
        FakeWatcher watcher =
                new FakeWatcher()
                        .accepts(ToolQuestion.Form.class, "no JSON")
                        .accepts(ToolQuestion.Sampling.class, "[]");
        Running<ToolOutput> call = call(watcher);
        long id = calls.take();

        assertEquals(-32603, error("elicitation/create", FORM));
        assertEquals(-32603, error("sampling/createMessage", SAMPLING));
        finish(id);

        ToolOutput _ = call.get();
    }

    @Test
    void endWhenTheirServerTakesThemBack() throws Exception {
        SlowWatcher watcher = new SlowWatcher();
        Running<ToolOutput> call = call(watcher);
        long id = calls.take();
        long question = server.ask("elicitation/create", FORM, OptionalLong.empty());
        watcher.awaitQuestion();

        server.notice("notifications/cancelled", "{\"requestId\":%d}".formatted(question));

        watcher.awaitInterrupt();
        finish(id);
        ToolOutput _ = call.get();
        assertEquals("{}", server.asked("ping", "{}").path("result").toString());
        assertTrue(server.unanswered());
    }

    @Test
    void endWithTheCallTheyBelongTo() throws Exception {
        SlowWatcher watcher = new SlowWatcher();
        Running<ToolOutput> call = call(watcher);
        long _ = calls.take();
        long _ = server.ask("elicitation/create", FORM, OptionalLong.empty());
        watcher.awaitQuestion();

        call.interrupt();

        watcher.awaitInterrupt();
        InterruptedException _ = call.failure(InterruptedException.class);
        assertEquals("cancel", server.answer().at("/result/action").asText());
        assertEquals(0, connection.waiting());
    }

    @Test
    void endWithTheServer() throws Exception {
        SlowWatcher watcher = new SlowWatcher();
        Running<ToolOutput> call = call(watcher);
        long _ = calls.take();
        long _ = server.ask("sampling/createMessage", SAMPLING, OptionalLong.empty());
        watcher.awaitQuestion();

        server.die("it ended with 9");

        watcher.awaitInterrupt();
        assertTrue(call.failure().text().contains("ended with 9"));
    }

    @Test
    void areAnsweredByTheServerThatSawThePageVisited() throws Exception {
        SlowWatcher watcher = new SlowWatcher();
        Running<ToolOutput> call = call(watcher);
        long id = calls.take();
        long _ = server.ask("elicitation/create", PAGE, OptionalLong.empty());
        watcher.awaitQuestion();

        server.notice("notifications/elicitation/complete", "{\"elicitationId\":\"other\"}");
        server.notice("notifications/elicitation/complete", "{\"elicitationId\":\"e1\"}");

        assertEquals("accept", server.answer().at("/result/action").asText());
        server.notice("notifications/elicitation/complete", "{\"elicitationId\":\"e1\"}");
        finish(id);
        ToolOutput _ = call.get();
    }

    @Test
    void areNotTakenWithoutEnd() throws Exception {
        SlowWatcher watcher = new SlowWatcher();
        Running<ToolOutput> call = call(watcher);
        long id = calls.take();
        for (int i = 0; i < 64; i++) {
            long _ = server.ask("elicitation/create", FORM, OptionalLong.empty());
        }

        JsonNode oneTooMany = server.asked("elicitation/create", FORM);

        assertEquals(-32603, oneTooMany.at("/error/code").asInt());
        assertEquals(65, connection.waiting());
        finish(id);
        ToolOutput _ = call.get();
        for (int i = 0; i < 64; i++) {
            assertEquals("cancel", server.answer().at("/result/action").asText());
        }
    }
}
