package dev.tandem.mcp;

import static dev.tandem.mcp.Running.begun;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.conversation.Content;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.tool.ContextItem;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolProgress;
import dev.tandem.tool.ToolWatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// How a connection lives, and what its server says by itself.
final class McpConnectionTest {
    private static final String HI = "{\"content\":[{\"type\":\"text\",\"text\":\"hi\"}]}";

    @Test
    void takesManyMessagesInOne() throws Exception {
        FakeServer server = FakeServer.greeted("2025-03-26");
        server.on(
                "tools/call",
                (_, id) -> {
                    server.say(
                            """
                            [{"jsonrpc":"2.0","method":"notifications/progress",
                              "params":{"progressToken":%d,"progress":1,"total":2}},
                             {"jsonrpc":"2.0","id":77,"method":"ping"},
                             {"jsonrpc":"2.0","id":%d,"result":%s}]
                            """
                                    .formatted(id, id, HI));
                    throw new FakeServer.Silence();
                });

        try (McpConnection connection = server.connect()) {
            FakeWatcher watcher = new FakeWatcher();
            ToolOutput output = connection.call("t", "{}", watcher);

            assertEquals(List.of(new Content.Text("hi")), output.content());
            assertEquals(2, watcher.progress.remove().total().orElseThrow());
            assertEquals(77, server.answer().path("id").asInt());
        }
    }

    @Test
    void tellsEachCallerItsOwnProgress() throws Exception {
        FakeServer server = FakeServer.greeted("2025-11-25");
        server.on(
                "tools/call",
                (params, id) -> {
                    JsonNode token = params.path("_meta").path("progressToken");
                    server.notice(
                            "notifications/progress",
                            "{\"progressToken\":%s,\"progress\":0.5,\"message\":\"%s\"}"
                                    .formatted(token, params.path("name").asText()));
                    server.notice("notifications/progress", "{\"progressToken\":\"none\"}");
                    return HI;
                });
        try (McpConnection connection = server.connect()) {
            FakeWatcher one = new FakeWatcher();
            FakeWatcher two = new FakeWatcher();

            ToolOutput _ = connection.call("one", "{}", one);
            ToolOutput _ = connection.call("two", "{}", two);

            assertEquals(
                    List.of(Optional.of("one")),
                    one.progress.stream().map(ToolProgress::message).toList());
            assertEquals(
                    List.of(Optional.of("two")),
                    two.progress.stream().map(ToolProgress::message).toList());
        }
    }

    @Test
    void leavesNothingBehindOfAThousandCallsThatWereStopped() throws Exception {
        Semaphore arrived = new Semaphore(0);
        FakeServer server =
                FakeServer.greeted("2025-11-25")
                        .on(
                                "tools/call",
                                (_, _) -> {
                                    arrived.release();
                                    throw new FakeServer.Silence();
                                });
        try (McpConnection connection = server.connect()) {
            List<Running<ToolOutput>> calls = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                calls.add(begun(() -> call(connection)));
            }
            assertTrue(arrived.tryAcquire(1000, 10, TimeUnit.SECONDS));
            assertEquals(1000, connection.waiting());

            calls.forEach(Running::interrupt);

            for (Running<ToolOutput> one : calls) {
                InterruptedException _ = one.failure(InterruptedException.class);
            }
            assertEquals(0, connection.waiting());
            for (int i = 0; i < 1000; i++) {
                JsonNode cancelled = server.sent("notifications/cancelled");
                assertTrue(cancelled.path("requestId").isNumber());
            }
            assertEquals(1000, server.forgotten.size());
        }
    }

    @Test
    void ignoresWhatComesTooLate() throws Exception {
        LinkedBlockingQueue<Long> ids = new LinkedBlockingQueue<>();
        FakeServer server =
                FakeServer.greeted("2025-11-25")
                        .on(
                                "tools/call",
                                (_, id) -> {
                                    ids.add(id);
                                    throw new FakeServer.Silence();
                                });
        try (McpConnection connection = server.connect()) {
            Running<ToolOutput> call = begun(() -> call(connection));
            long id = ids.take();
            call.interrupt();
            InterruptedException _ = call.failure(InterruptedException.class);

            server.say("{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":%s}".formatted(id, HI));
            server.notice("notifications/progress", "{\"progressToken\":%d}".formatted(id));
            server.say("no JSON");
            server.say("7");
            server.say("{\"jsonrpc\":\"2.0\",\"error\":{\"code\":1}}");

            connection.ping();
        }
    }

    @Test
    void tellsACallerThatItsAnswerIsLost() throws Exception {
        FakeServer server = FakeServer.greeted("2025-11-25");
        server.on(
                "tools/call",
                (_, id) -> {
                    server.lose(id, "its answer broke off");
                    throw new FakeServer.Silence();
                });
        try (McpConnection connection = server.connect()) {
            Failure failure = assertThrows(Failure.class, () -> call(connection));

            assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, failure.code());
            assertEquals("The MCP server is gone: its answer broke off.", failure.text());
            assertEquals(Optional.empty(), connection.ended());
        }
    }

    @Test
    void tellsItsHostOnceThatTheServerIsGone() throws Exception {
        FakeHost host = new FakeHost();
        FakeServer server = FakeServer.greeted("2025-11-25");
        McpConnection connection = server.connect(host);

        server.die("it fell over");
        server.die("and over");
        connection.close();

        assertEquals(List.of("it fell over"), host.ended);
        assertEquals(Optional.of("it fell over"), connection.ended());
        Failure later = assertThrows(Failure.class, connection::ping);
        assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, later.code());
    }

    @Test
    void tellsThoseWhoWaitThatItWasClosed() throws Exception {
        FakeHost host = new FakeHost();
        Semaphore arrived = new Semaphore(0);
        FakeServer server =
                FakeServer.greeted("2025-11-25")
                        .on(
                                "tools/call",
                                (_, _) -> {
                                    arrived.release();
                                    throw new FakeServer.Silence();
                                });
        McpConnection connection = server.connect(host);
        Running<ToolOutput> call = begun(() -> call(connection));
        arrived.acquire();

        connection.close();

        assertEquals("The MCP server is gone: it was stopped.", call.failure().text());
        assertEquals(List.of("it was stopped"), host.ended);
    }

    @Test
    void tellsItsHostWhatTheServerLogsAndSurvivesItsMistakes() throws Exception {
        FakeHost host = new FakeHost();
        FakeServer server = FakeServer.greeted("2025-11-25").on("logging/setLevel", "{}");
        try (McpConnection connection = server.connect(host)) {
            connection.logLevel("warning");
            server.notice("notifications/message", "{\"data\":\"fail\"}");
            server.notice(
                    "notifications/message",
                    "{\"level\":\"error\",\"logger\":\"db\",\"data\":{\"a\":1}}");
            server.notice("notifications/unheard/of", "{}");

            assertEquals("warning", server.sent("logging/setLevel").path("level").asText());
            assertEquals(List.of("info||fail", "error|db|{\"a\":1}"), host.log);
        }
    }

    @Test
    void tellsWhereItMayWork() throws Exception {
        FakeServer server = FakeServer.greeted("2025-11-25");
        try (McpConnection connection = server.connect(new FakeHost())) {
            connection.rootsChanged();

            JsonNode roots = server.asked("roots/list", "{}").at("/result/roots");
            assertEquals("file:///srv/work/", roots.at("/0/uri").asText() + "/");
            assertEquals("work", roots.at("/0/name").asText());
            assertTrue(server.methods().contains("notifications/roots/list_changed"));
        }
    }

    @Test
    void asksNoServerForWhatItHasNot() throws Exception {
        FakeServer server =
                new FakeServer().on("initialize", "{\"protocolVersion\":\"2025-11-25\"}");
        try (McpConnection connection = server.connect()) {
            assertEquals(List.of(), connection.tools());
            assertEquals(List.of(), connection.context(ContextItem.Kind.PROMPT));
            connection.logLevel("info");
            connection.ping();
        }
        assertFalse(server.methods().contains("tools/list"));
        assertFalse(server.methods().contains("logging/setLevel"));
    }

    private static ToolOutput call(McpConnection connection) throws InterruptedException {
        return connection.call("t", "{}", ToolWatcher.NONE);
    }
}
