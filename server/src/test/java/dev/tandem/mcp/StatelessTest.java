package dev.tandem.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.mcp.McpHost.Kind;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolWatcher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Servers that remember nothing.
final class StatelessTest {
    private static final String PREFIX = "io.modelcontextprotocol/";
    private static final String DONE =
            "{\"resultType\":\"complete\",\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}";

    @Test
    void signsEveryQuestion() throws Exception {
        FakeServer server =
                FakeServer.stateless()
                        .on("tools/list", "{\"tools\":[],\"ttlMs\":0}")
                        .on("tools/call", DONE)
                        .on("resources/read", "{\"contents\":[]}");
        try (McpConnection connection = server.connect()) {
            connection.tools();
            connection.logLevel("debug");
            ToolOutput _ = call(connection, ToolWatcher.NONE);
            connection.read("resources/read", "{\"_meta\":{\"mine\":1}}", ToolWatcher.NONE);
            connection.rootsChanged();
            connection.ping();

            assertEquals("2026-07-28", version(server.sent("tools/list")));
            JsonNode call = server.sent("tools/call").path("_meta");
            assertEquals("debug", call.path(PREFIX + "logLevel").asText());
            assertTrue(call.path("progressToken").isNumber());
            JsonNode read = server.sent("resources/read");
            assertEquals("2026-07-28", version(read));
            assertEquals(1, read.at("/_meta/mine").asInt());
            assertFalse(server.methods().contains("logging/setLevel"));
            assertFalse(server.methods().contains("notifications/roots/list_changed"));
            assertTrue(server.methods().contains("server/discover"));
        }
    }

    private static String version(JsonNode params) {
        return params.path("_meta").path(PREFIX + "protocolVersion").asText();
    }

    @Test
    void hearsOfChangesByAskingForThem() throws Exception {
        FakeHost host = new FakeHost();
        FakeServer server = FakeServer.stateless();
        try (McpConnection _ = server.connect(host)) {
            JsonNode listen = server.sent("subscriptions/listen");
            assertEquals(
                    "{\"toolsListChanged\":true,\"resourcesListChanged\":true}",
                    listen.path("notifications").toString());
            assertEquals("2026-07-28", version(listen));

            server.notice("notifications/subscriptions/acknowledged", "{}");
            server.notice("notifications/resources/list_changed", "{}");

            assertEquals(Kind.RESOURCES, host.changes.poll(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void asksAgainForChangesWhereTheServerHasStoppedToTell() throws Exception {
        FakeHost host = new FakeHost();
        AtomicInteger times = new AtomicInteger();
        FakeServer server = FakeServer.stateless();
        server.on(
                "subscriptions/listen",
                (_, id) -> {
                    if (times.incrementAndGet() == 1) {
                        server.notice(
                                "notifications/cancelled", "{\"requestId\":%d}".formatted(id));
                    }
                    throw new FakeServer.Silence();
                });
        try (McpConnection _ = server.connect(host)) {
            JsonNode _ = server.sent("subscriptions/listen");
            JsonNode _ = server.sent("subscriptions/listen");

            assertEquals(Kind.TOOLS, host.changes.poll(10, TimeUnit.SECONDS));
            assertEquals(Kind.RESOURCES, host.changes.poll(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void readsAListAgainOnlyWhenItMayHaveChanged() throws Exception {
        AtomicInteger times = new AtomicInteger();
        FakeServer server =
                FakeServer.stateless()
                        .on(
                                "tools/list",
                                (_, _) ->
                                        "{\"tools\":[{\"name\":\"t%d\"}],\"ttlMs\":60000}"
                                                .formatted(times.incrementAndGet()));
        try (McpConnection connection = server.connect()) {
            assertEquals("t1", connection.tools().getFirst().name());
            assertEquals("t1", connection.tools().getFirst().name());

            server.notice("notifications/tools/list_changed", "{}");

            assertEquals("t2", connection.tools().getFirst().name());
        }
    }

    private static ToolOutput call(McpConnection connection, ToolWatcher watcher)
            throws InterruptedException {
        return connection.call("t", "{\"a\":1.0}", watcher);
    }
}
