package dev.tandem.edge.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.auth.Caller;
import dev.tandem.edge.mcp.McpClient.Events;
import dev.tandem.edge.mcp.McpServer.Setup;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolProgress;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolReply;
import dev.tandem.toolbox.CallWatcher;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Clients whose every request stands for itself: MCP 2026-07-28.
final class StatelessTest {
    private static final String VERSION = "2026-07-28";
    private static final ToolQuestion NAME = new ToolQuestion.Form("Who?", "{\"type\":\"object\"}");

    private final FakeToolbox tools =
            new FakeToolbox().tool("asks", (_, watcher) -> ToolOutput.text(asked(watcher)));

    private static String asked(CallWatcher watcher) throws InterruptedException {
        Optional<ToolReply> first = watcher.answer("name", NAME);
        Optional<ToolReply> second = watcher.answer("other", NAME);
        return first.flatMap(ToolReply::contentJson).orElse("none")
                + second.flatMap(ToolReply::contentJson).orElse("none");
    }

    private McpServer server(Setup setup) {
        return new McpServer(tools, new FakeSource(), setup);
    }

    private static McpClient client(McpServer server, String... headers) {
        return new McpClient(server, headers).with("MCP-Protocol-Version", VERSION);
    }

    private static String meta(String capabilities, String more) {
        return "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"%s\",\"io.modelcontextprotocol/clientCapabilities\":%s%s}"
                .formatted(VERSION, capabilities, more);
    }

    private static HttpResponse<String> call(McpClient client, String tool, String more) {
        String params =
                "{\"name\":\"%s\",%s%s}".formatted(tool, meta("{\"elicitation\":{}}", ""), more);
        return client.post(
                McpClient.message("5", "tools/call", params),
                "Mcp-Method",
                "tools/call",
                "Mcp-Name",
                tool);
    }

    private static String answered(String name, String value) {
        return "\"%s\":{\"action\":\"accept\",\"content\":{\"v\":\"%s\"}}".formatted(name, value);
    }

    private static String again(String state, String responses) {
        return ",\"requestState\":\"%s\",\"inputResponses\":{%s}".formatted(state, responses);
    }

    private static JsonNode result(HttpResponse<String> answer) {
        return McpClient.json(answer).path("result");
    }

    @Test
    void aCallThatAsksGoesOnWhenItsRequestComesAgain() {
        try (McpServer server = server(Setup.usual());
                McpClient client = client(server)) {
            JsonNode first = result(call(client, "asks", ""));
            String one = first.path("requestState").asText();
            JsonNode second = result(call(client, "asks", again(one, answered("name", "A"))));
            String two = second.path("requestState").asText();
            JsonNode third = result(call(client, "asks", again(two, answered("other", "B"))));

            assertEquals("input_required", first.path("resultType").asText());
            assertEquals("Who?", first.at("/inputRequests/name/params/message").asText());
            assertTrue(second.path("inputRequests").has("other"));
            assertEquals("complete", third.path("resultType").asText());
            assertEquals("{\"v\":\"A\"}{\"v\":\"B\"}", third.at("/content/0/text").asText());
            assertEquals(1, tools.requests.size());
            assertEquals(
                    400, call(client, "asks", again(two, answered("other", "B"))).statusCode());
        }
    }

    @Test
    void aStateIsGoodForItsKeyAndItsRequestOnly() {
        Setup keyed = Setup.usual().with(key -> new Caller("t", key.orElse("none")));
        try (McpServer server = server(keyed);
                McpClient owner = client(server, "Authorization", "Bearer one");
                McpClient other = client(server, "Authorization", "Bearer two")) {
            String state = result(call(owner, "asks", "")).path("requestState").asText();
            String again = again(state, answered("name", "A"));

            assertEquals(400, call(other, "asks", again).statusCode());
            assertEquals(400, call(owner, "asks", ",\"arguments\":{\"a\":1}" + again).statusCode());
            assertEquals(200, call(owner, "asks", again).statusCode());
        }
    }

    @Test
    void aClientThatDoesNotComeBackStopsItsCall() throws Exception {
        Setup hasty = Setup.usual().with(Settings.inputMax(Duration.ofMillis(50)));
        tools.tool(
                "sleepy",
                (_, watcher) -> {
                    ToolReply reply = watcher.answer("name", NAME).orElseThrow();
                    assertEquals(ToolReply.CANCELLED, reply);
                    Thread.sleep(Duration.ofMinutes(1));
                    return ToolOutput.text("nobody stopped it");
                });
        try (McpServer server = server(hasty);
                McpClient client = client(server)) {
            String state = result(call(client, "sleepy", "")).path("requestState").asText();

            assertEquals("sleepy", tools.awaitStopped());
            assertEquals(
                    400, call(client, "sleepy", again(state, answered("name", "A"))).statusCode());
        }
    }

    @Test
    void aClientThatLeavesStopsItsCallEvenWithEventsInItsHands() throws Exception {
        tools.waiting(
                "t",
                (_, watcher) -> {
                    watcher.progress(new ToolProgress(1, OptionalDouble.empty(), Optional.empty()));
                    return ToolOutput.text("");
                });
        String params = "{\"name\":\"t\",%s}".formatted(meta("{}", ",\"progressToken\":\"p\""));
        try (McpServer server = server(Setup.usual());
                McpClient client = client(server)) {
            try (Events events =
                    client.open(
                            "POST",
                            McpClient.message("5", "tools/call", params),
                            "Mcp-Method",
                            "tools/call",
                            "Mcp-Name",
                            "t")) {
                assertTrue(events.message().id().isEmpty());
            }

            assertEquals("t", tools.awaitStopped());
        }
    }

    @Test
    void headersMustSayWhatTheBodySays() {
        tools.tool(
                "region",
                "{\"type\":\"object\",\"properties\":{\"at\":{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\",\"x-mcp-header\":\"N\"}}}}}",
                (_, _) -> ToolOutput.text("ok"));
        String arguments = ",\"arguments\":{\"at\":{\"n\":42}}";
        String list = McpClient.message("1", "tools/list", "{%s}".formatted(meta("{}", "")));
        try (McpServer server = server(Setup.usual());
                McpClient client = client(server);
                McpClient exact = client(server).with("Mcp-Param-N", "42.0");
                McpClient wrong = client(server).with("Mcp-Param-N", "41")) {
            assertEquals(200, client.post(list, "Mcp-Method", "tools/list").statusCode());
            mismatch(client.post(list));
            mismatch(client.post(list, "Mcp-Method", "tools/call"));
            mismatch(call(client, "region", arguments));
            mismatch(call(wrong, "region", arguments));
            assertEquals(200, call(exact, "region", arguments).statusCode());
            mismatch(call(exact, "region", ""));
        }
    }

    private static void mismatch(HttpResponse<String> answer) {
        assertEquals(400, answer.statusCode());
        assertEquals(-32020, McpClient.json(answer).at("/error/code").asInt(), answer::body);
    }

    @Test
    void whatOnlySessionsHaveIsNotThere() {
        try (McpServer server = server(Setup.usual());
                McpClient client = client(server)) {
            for (String method : new String[] {"ping", "initialize", "resources/subscribe"}) {
                String body = McpClient.message("1", method, "{%s}".formatted(meta("{}", "")));
                HttpResponse<String> answer = client.post(body, "Mcp-Method", method);

                assertEquals(404, answer.statusCode());
                assertEquals(-32601, McpClient.json(answer).at("/error/code").asInt());
                assertFalse(answer.headers().firstValue("mcp-session-id").isPresent());
            }
        }
    }

    @Test
    void theLogIsToldOnlyWhereItIsWanted() {
        tools.tool(
                "logs",
                (_, watcher) -> {
                    watcher.log("warning", Optional.empty(), "1");
                    return ToolOutput.text("ok");
                });
        String wanted =
                "{\"name\":\"logs\",%s}"
                        .formatted(meta("{}", ",\"io.modelcontextprotocol/logLevel\":\"info\""));
        try (McpServer server = server(Setup.usual());
                McpClient client = client(server)) {
            String loud =
                    client.post(
                                    McpClient.message("1", "tools/call", wanted),
                                    "Mcp-Method",
                                    "tools/call",
                                    "Mcp-Name",
                                    "logs")
                            .body();

            assertTrue(loud.contains("notifications/message"), loud);
            assertTrue(call(client, "logs", "").body().startsWith("{"));
        }
    }

    @Test
    void whoListensIsLetGoWhenTheServerStops() throws Exception {
        String listen =
                McpClient.message(
                        "\"l\"",
                        "subscriptions/listen",
                        "{%s,\"notifications\":{\"toolsListChanged\":true}}"
                                .formatted(meta("{}", "")));
        try (McpServer server = server(Setup.usual());
                McpClient client = client(server);
                Events events = client.open("POST", listen, "Mcp-Method", "subscriptions/listen")) {
            JsonNode first = events.message().json();
            CompletableFuture<Void> stopped =
                    CompletableFuture.runAsync(() -> server.drain(Duration.ofSeconds(10)));
            JsonNode last = events.message().json();

            assertEquals("notifications/subscriptions/acknowledged", first.path("method").asText());
            assertEquals("{}", first.at("/params/notifications").toString());
            assertEquals("complete", last.at("/result/resultType").asText());
            assertEquals(
                    "l",
                    last.path("result")
                            .path("_meta")
                            .path("io.modelcontextprotocol/subscriptionId")
                            .asText());
            assertTrue(events.next().isEmpty());
            stopped.get(10, TimeUnit.SECONDS);
        }
    }
}
