package dev.tandem.edge.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.approval.Approval;
import dev.tandem.conversation.Content;
import dev.tandem.edge.mcp.McpClient.Events;
import dev.tandem.edge.mcp.McpServer.Setup;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolProgress;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolReply;
import dev.tandem.toolbox.CallWatcher;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Calls of tools in a session: what their client hears, and how they stop.
final class CallsTest {
    private static final String NEWEST = "2025-11-25";
    private static final String ELICITS = "{\"elicitation\":{}}";

    private final FakeToolbox tools = new FakeToolbox();

    private McpServer server() {
        return new McpServer(tools, new FakeSource());
    }

    private static String call(String tool) {
        return call("7", tool, "{}");
    }

    private static String call(String id, String tool, String meta) {
        return McpClient.message(
                id, "tools/call", "{\"name\":\"%s\",\"_meta\":%s}".formatted(tool, meta));
    }

    private static ToolProgress half(String message) {
        return new ToolProgress(0.5, OptionalDouble.of(1), Optional.of(message));
    }

    private static ToolOutput telling(CallWatcher watcher) {
        watcher.progress(half("half"));
        watcher.log("info", Optional.of("l"), "{\"a\":1}");
        return ToolOutput.text("done");
    }

    @Test
    void anAnswerWithNothingBeforeItIsADocument() {
        tools.tool("t", (_, _) -> ToolOutput.text("ok"));
        try (McpServer server = server();
                McpClient client = McpClient.greeting(server, NEWEST, "{}")) {
            HttpResponse<String> answer = client.post(call("t"));

            assertEquals(
                    "application/json", answer.headers().firstValue("content-type").orElseThrow());
            assertEquals(
                    "{\"content\":[{\"type\":\"text\",\"text\":\"ok\"}]}",
                    McpClient.json(answer).path("result").toString());
        }
    }

    @Test
    void progressAndTheLogComeAsEventsBeforeTheAnswer() throws Exception {
        tools.tool("t", (_, watcher) -> telling(watcher));
        try (McpServer server = server();
                McpClient client = McpClient.greeting(server, NEWEST, "{}");
                Events events = client.open("POST", call("7", "t", "{\"progressToken\":\"p\"}"))) {
            Events.Event prime = events.next().orElseThrow();
            JsonNode progress = events.message().json();
            JsonNode log = events.message().json();
            JsonNode answer = events.message().json();

            assertEquals("", prime.data());
            assertTrue(prime.id().orElseThrow().endsWith("-0"));
            assertEquals("notifications/progress", progress.path("method").asText());
            assertEquals(
                    "{\"progressToken\":\"p\",\"progress\":0.5,\"total\":1,\"message\":\"half\"}",
                    progress.path("params").toString());
            assertEquals(
                    "{\"level\":\"info\",\"logger\":\"l\",\"data\":{\"a\":1}}",
                    log.path("params").toString());
            assertEquals(7, answer.path("id").asInt());
            assertTrue(events.next().isEmpty());
        }
    }

    @Test
    void olderClientsGetNoEmptyEvent() throws Exception {
        tools.tool("t", (_, watcher) -> telling(watcher));
        try (McpServer server = server();
                McpClient client = McpClient.greeting(server, "2025-06-18", "{}");
                Events events = client.open("POST", call("t"))) {
            assertFalse(events.next().orElseThrow().data().isEmpty());
        }
    }

    @Test
    void aClientHearsOnlyWhatItAskedFor() {
        tools.tool("t", (_, watcher) -> telling(watcher));
        try (McpServer server = server();
                McpClient client = McpClient.greeting(server, NEWEST, "{}")) {
            client.ask("logging/setLevel", "{\"level\":\"error\"}");

            assertTrue(client.post(call("t")).body().startsWith("{"));
            assertEquals(
                    -32602,
                    client.ask("logging/setLevel", "{\"level\":\"loud\"}")
                            .at("/error/code")
                            .asInt());
        }
    }

    @Test
    void aClientThatTakesNoEventsGetsTheAnswerAlone() {
        tools.tool(
                "t",
                (_, watcher) -> {
                    ToolOutput _ = telling(watcher);
                    return ToolOutput.text("alone");
                });
        try (McpServer server = server();
                McpClient client = McpClient.greeting(server, NEWEST, "{}")) {
            String body =
                    client.post(
                                    call("7", "t", "{\"progressToken\":1}"),
                                    "Accept",
                                    "application/json")
                            .body();

            assertTrue(body.contains("alone") && body.startsWith("{"), body);
        }
    }

    @Test
    void silenceIsBrokenBySignsOfLife() throws Exception {
        CountDownLatch heard = new CountDownLatch(1);
        tools.tool(
                "t",
                (_, _) -> {
                    assertTrue(heard.await(10, TimeUnit.SECONDS));
                    return ToolOutput.text("ok");
                });
        Setup fast = Setup.usual().with(Settings.heartbeat(Duration.ofMillis(20)));
        try (McpServer server = new McpServer(tools, new FakeSource(), fast);
                McpClient client = McpClient.greeting(server, NEWEST, "{}");
                Events events = client.open("POST", call("t"))) {
            heard.countDown();

            assertEquals(7, events.message().json().path("id").asInt());
        }
    }

    @Test
    void aResultPassesAsItCame() {
        String raw =
                "{\"content\":[{\"type\":\"audio\",\"data\":\"AA==\",\"mimeType\":\"audio/wav\",\"_meta\":{\"x\":1.50}}],"
                        + "\"structuredContent\":{\"n\":12345678901234567890},\"_meta\":{\"k\":\"v\"}}";
        tools.tool("t", (_, _) -> FakeToolbox.raw(raw));
        try (McpServer server = server();
                McpClient client = McpClient.greeting(server, NEWEST, "{}")) {
            assertTrue(client.post(call("t")).body().contains("\"result\":" + raw));
        }
    }

    @Test
    void aResultIsMadeOfWhatAToolSays() {
        tools.tool(
                "t",
                (_, _) ->
                        new ToolOutput(
                                List.of(
                                        new Content.Image(
                                                new Content.Source.Inline("image/png", "AA=="),
                                                Optional.empty()),
                                        new Content.Audio("BB==", "mp3")),
                                Optional.of("{\"a\":1}"),
                                true,
                                Optional.empty()));
        try (McpServer server = server();
                McpClient client = McpClient.greeting(server, NEWEST, "{}")) {
            assertEquals(
                    "{\"content\":[{\"type\":\"image\",\"data\":\"AA==\",\"mimeType\":\"image/png\"},"
                            + "{\"type\":\"audio\",\"data\":\"BB==\",\"mimeType\":\"audio/mpeg\"}],"
                            + "\"structuredContent\":{\"a\":1},\"isError\":true}",
                    McpClient.json(client.post(call("t"))).path("result").toString());
        }
    }

    @Test
    void aClientIsAskedOnTheStreamOfItsCall() throws Exception {
        tools.tool(
                "t",
                (_, watcher) -> {
                    ToolReply reply =
                            watcher.answer(new ToolQuestion.Form("Who?", "{\"type\":\"object\"}"))
                                    .orElseThrow();
                    return ToolOutput.text(reply.action() + reply.contentJson().orElse(""));
                });
        try (McpServer server = server();
                McpClient client = McpClient.greeting(server, NEWEST, ELICITS);
                Events events = client.open("POST", call("t"))) {
            JsonNode question = events.message().json();
            HttpResponse<String> taken =
                    client.post(
                            "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"action\":\"accept\",\"content\":{\"n\":\"A\"}}}"
                                    .formatted(question.path("id")));

            assertEquals("elicitation/create", question.path("method").asText());
            assertEquals("Who?", question.at("/params/message").asText());
            assertEquals(202, taken.statusCode());
            assertEquals(
                    "ACCEPT{\"n\":\"A\"}",
                    events.message().json().at("/result/content/0/text").asText());
        }
    }

    @Test
    void aClientThatTakesNoEventsIsNotAsked() {
        tools.tool(
                "t",
                (_, watcher) ->
                        ToolOutput.text(
                                "asked "
                                        + watcher.answer(new ToolQuestion.Form("Who?", "{}"))
                                                .isPresent()));
        try (McpServer server = server();
                McpClient client = McpClient.greeting(server, NEWEST, ELICITS)) {
            String body = client.post(call("t"), "Accept", "application/json").body();

            assertTrue(body.contains("asked false"), body);
        }
    }

    @Test
    void aClientThatCannotBeAskedIsNot() {
        tools.tool(
                "t",
                (_, watcher) ->
                        ToolOutput.text(
                                "asked "
                                        + watcher.answer(new ToolQuestion.Sampling("?", "{}"))
                                                .isPresent()));
        try (McpServer server = server();
                McpClient client = McpClient.greeting(server, NEWEST, ELICITS)) {
            assertTrue(client.post(call("t")).body().contains("asked false"));
        }
    }

    @Test
    void aClientHearsThatItsCallWaitsForApproval() throws Exception {
        Approval open =
                new Approval(
                        "appr_1",
                        "t",
                        "k",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "s",
                        "t",
                        "{}",
                        new Approval.Request.Call("why"),
                        Instant.EPOCH,
                        Instant.EPOCH,
                        Optional.empty());
        tools.tool(
                "t",
                (_, watcher) -> {
                    watcher.asked(open);
                    watcher.progress(new ToolProgress(0, OptionalDouble.empty(), Optional.empty()));
                    return ToolOutput.text("ok");
                });
        try (McpServer server = server();
                McpClient client = McpClient.greeting(server, NEWEST, "{}");
                Events events = client.open("POST", call("7", "t", "{\"progressToken\":1}"))) {
            JsonNode told = events.message().json().path("params");
            JsonNode log = events.message().json().path("params");
            JsonNode next = events.message().json().path("params");

            assertEquals("This call waits for approval appr_1.", told.path("message").asText());
            assertEquals("appr_1", log.at("/data/approval_id").asText());
            assertTrue(next.path("progress").asDouble() > told.path("progress").asDouble());
        }
    }

    @Test
    void aCallIsCancelledByName() throws Exception {
        tools.waiting("t", (_, watcher) -> telling(watcher));
        try (McpServer server = server();
                McpClient client = McpClient.greeting(server, NEWEST, "{}");
                Events events = client.open("POST", call("t"))) {
            tools.awaitBegun();
            client.post(McpClient.notice("notifications/cancelled", "{\"requestId\":7}"));

            assertEquals("t", tools.awaitStopped());
            assertEquals("notifications/message", events.message().json().path("method").asText());
            assertTrue(events.next().isEmpty());
        }
    }

    @Test
    void aClientThatLeavesBeforeItHeardAnythingStopsItsCall() throws Exception {
        tools.waiting("t", (_, _) -> ToolOutput.text(""));
        try (McpServer server = server();
                McpClient client = McpClient.greeting(server, NEWEST, "{}")) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
            String head =
                    "POST /mcp HTTP/1.1\r\nHost: localhost\r\nAccept: %s\r\nMcp-Session-Id: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                            .formatted(
                                    McpClient.BOTH,
                                    client.header("Mcp-Session-Id"),
                                    call("t").length(),
                                    call("t"));
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            tools.awaitBegun();

            socket.close();

            assertEquals("t", tools.awaitStopped());
        }
    }

    @Test
    void aClientThatComesBackGetsTheRest() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        tools.tool(
                "t",
                (_, watcher) -> {
                    watcher.log("info", Optional.empty(), "1");
                    assertTrue(goOn.await(10, TimeUnit.SECONDS));
                    watcher.log("info", Optional.empty(), "2");
                    return ToolOutput.text("whole");
                });
        try (McpServer server = server();
                McpClient client = McpClient.greeting(server, NEWEST, "{}")) {
            String seen;
            try (Events events = client.open("POST", call("t"))) {
                seen = events.message().id().orElseThrow();
            }
            try (Events rest = client.open("GET", "", "Last-Event-ID", seen)) {
                goOn.countDown();

                assertEquals(2, rest.message().json().at("/params/data").asInt());
                assertTrue(rest.message().data().contains("whole"));
                assertTrue(rest.next().isEmpty());
            }
            try (Events again = client.open("GET", "", "Last-Event-ID", seen)) {
                assertEquals(2, again.message().json().at("/params/data").asInt());
            }
            assertEquals(400, client.send("GET", "", "Last-Event-ID", "s99-1").statusCode());
        }
    }

    @Test
    void aClientThatDoesNotComeBackStopsItsCall() throws Exception {
        tools.waiting("t", (_, watcher) -> telling(watcher));
        Setup hasty = Setup.usual().with(Settings.resumeMax(Duration.ofMillis(50)));
        try (McpServer server = new McpServer(tools, new FakeSource(), hasty);
                McpClient client = McpClient.greeting(server, NEWEST, "{}")) {
            try (Events events = client.open("POST", call("t"))) {
                events.message();
            }

            assertEquals("t", tools.awaitStopped());
        }
    }

    @Test
    void theEndOfASessionStopsItsCalls() throws Exception {
        tools.waiting("t", (_, watcher) -> telling(watcher));
        try (McpServer server = server();
                McpClient client = McpClient.greeting(server, NEWEST, "{}");
                Events _ = client.open("POST", call("t"))) {
            client.send("DELETE", "");

            assertEquals("t", tools.awaitStopped());
        }
    }

    @Test
    void aSessionHasOnlySoManyCallsAndEachIdOnce() throws Exception {
        tools.waiting("t", (_, watcher) -> telling(watcher));
        Setup one = Setup.usual().with(Settings.callsMax(1));
        try (McpServer server = new McpServer(tools, new FakeSource(), one);
                McpClient client = McpClient.greeting(server, NEWEST, "{}");
                Events _ = client.open("POST", call("t"))) {
            HttpResponse<String> twice = client.post(McpClient.message("7", "ping", "{}"));
            HttpResponse<String> more = client.post(McpClient.message("8", "ping", "{}"));

            assertTrue(twice.body().contains("is in use"), twice.body());
            assertTrue(more.body().contains("1 requests in progress"), more.body());
        }
    }

    @Test
    void manyCallsAtOnceEachGetTheirOwn() throws Exception {
        tools.tool(
                "t",
                (request, watcher) -> {
                    watcher.progress(half("half"));
                    return ToolOutput.text(request.argumentsJson());
                });
        try (McpServer server = server();
                McpClient client = McpClient.greeting(server, NEWEST, "{}")) {
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                String params =
                        "{\"name\":\"t\",\"arguments\":{\"n\":%d},\"_meta\":{\"progressToken\":%d}}"
                                .formatted(i, i);
                String call = McpClient.message(Integer.toString(i), "tools/call", params);
                answers.add(CompletableFuture.supplyAsync(() -> client.post(call).body()));
            }
            for (int i = 0; i < answers.size(); i++) {
                String body = answers.get(i).get(30, TimeUnit.SECONDS);

                assertTrue(body.contains("\"progressToken\":" + i + ","), body);
                assertTrue(body.contains("{\\\"n\\\":" + i + "}"), body);
            }
        }
    }

    @Test
    void callsInProgressEndWhenTheServerStopsAndStreamsThatOnlyWaitDoAtOnce() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        tools.tool(
                "t",
                (_, watcher) -> {
                    watcher.log("info", Optional.empty(), "1");
                    assertTrue(goOn.await(10, TimeUnit.SECONDS));
                    return ToolOutput.text("whole");
                });
        try (McpServer server = server();
                McpClient client = McpClient.greeting(server, NEWEST, "{}");
                Events waiting = client.open("GET", "");
                Events call = client.open("POST", call("t"))) {
            call.message();
            CompletableFuture<Void> stopped =
                    CompletableFuture.runAsync(() -> server.drain(Duration.ofSeconds(10)));

            assertTrue(waiting.next().isEmpty());
            goOn.countDown();
            assertTrue(call.message().data().contains("whole"));
            stopped.get(10, TimeUnit.SECONDS);
        }
    }
}
