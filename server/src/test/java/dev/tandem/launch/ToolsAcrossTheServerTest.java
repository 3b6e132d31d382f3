package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.mcp.NpmServers;
import dev.tandem.mcp.http.EverythingServer;
import dev.tandem.testing.RecordedUpstream;
import dev.tandem.testing.Recording;
import dev.tandem.testing.StreamGrammar;
import dev.tandem.v1.ApprovalState;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.ChatMessage;
import dev.tandem.v1.ChatServiceGrpc;
import dev.tandem.v1.RunEvent;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jspecify.annotations.Nullable;

/// Models that use real MCP servers through the whole server: files of a project, approvals on two
/// devices and over a restart, a server that is killed.
@Timeout(120)
final class ToolsAcrossTheServerTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String OPERATOR = "operator-0123456789";
    private static final String PHONE = "phone-0123456789abc";
    private static final String PAD = "pad-0123456789abcdef";

    @TempDir Path folder;

    private final Map<String, String> settings = new HashMap<>();
    private @Nullable RunningServer server;

    @BeforeAll
    static void install() throws Exception {
        NpmServers.install();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private RunningServer server() {
        return Objects.requireNonNull(server, "no server was started");
    }

    private void start(String... more) {
        settings.put("scripted.enabled", "true");
        settings.put("scripted.pace", "0ms");
        settings.put("auth.keys.0.name", "operator");
        settings.put("auth.keys.0.key", OPERATOR);
        settings.put("auth.keys.0.admin", "true");
        settings.put("auth.keys.1.name", "phone");
        settings.put("auth.keys.1.key", PHONE);
        settings.put("auth.keys.2.name", "pad");
        settings.put("auth.keys.2.key", PAD);
        for (int at = 0; at < more.length; at += 2) {
            settings.put(more[at], more[at + 1]);
        }
        server = RunningServer.start(folder, settings);
    }

    @Test
    void aModelReadsAndWritesTheFilesOfAProjectOverBothWires() throws Exception {
        start();
        String project = project();
        Path workspace = declareFiles(project);
        String id = "files@" + project;
        assertEquals(
                "untrusted", json(get(PHONE, "/v1/mcp/servers/" + id)).path("status").asText());
        assertEquals(403, post(PHONE, "/v1/mcp/servers/" + id + ":trust", "{}").statusCode());
        trust(project);
        String session = session(project);

        StreamGrammar.Said written =
                StreamGrammar.check(
                        streamAllowing(
                                session,
                                call(
                                                "files__write_file",
                                                Map.of(
                                                        "path",
                                                        workspace + "/a.txt",
                                                        "content",
                                                        "hello"))
                                        + "\nthen\nsay Written."));

        assertEquals("hello", Files.readString(workspace.resolve("a.txt")));
        assertEquals("Written.", written.text());
        assertEquals(
                List.of("tool_use", "approval", "approval_resolved", "tool_result", "usage"),
                written.extras().stream().map(frame -> frame.path("type").asText()).toList());
        assertFalse(written.extras().get(3).path("is_error").asBoolean());

        List<RunEvent> events =
                overGrpc(
                        session,
                        call("files__read_text_file", Map.of("path", workspace + "/a.txt"))
                                + "\nthen\nsay Read.");

        RunEvent result = events.stream().filter(RunEvent::hasToolResult).findFirst().orElseThrow();
        assertEquals("hello", result.getToolResult().getContent());
        assertTrue(result.getToolResult().hasDurationMs());
        assertTrue(events.stream().anyMatch(RunEvent::hasServerCall));
        assertTrue(events.stream().anyMatch(RunEvent::hasTurn));
        JsonNode done = json(get(PHONE, "/v1/sessions/" + session + "/tools"));
        assertEquals(2, done.path("executions").size());
        assertEquals("hello", done.path("executions").get(0).path("output").asText());
        assertEquals("succeeded", done.path("executions").get(1).path("status").asText());
        JsonNode audit = json(get(PHONE, "/v1/mcp/audit?session_id=" + session));
        assertEquals(2, audit.path("data").size());
    }

    @Test
    void aRecordedAnswerOfAnthropicsWritesAFile() throws Exception {
        Recording recording = Recording.find("anthropic", "12").orElse(null);
        assumeTrue(recording != null, "no recordings: set -D" + Recording.PROPERTY);
        try (RecordedUpstream upstream = new RecordedUpstream(List.of())) {
            start(
                    "anthropic.api-key",
                    "sk-ant-test-key",
                    "anthropic.base-url",
                    upstream.uri().toString(),
                    "mcp.policy.0.server",
                    "files",
                    "mcp.policy.0.decision",
                    "allow");
            String project = project();
            Path workspace = declareFiles(project);
            trust(project);
            String session = session(project, "claude-sonnet-4-6");
            String arguments =
                    JSON.writeValueAsString(
                            Map.of("path", workspace + "/tokyo.txt", "content", "sunny"));
            upstream.answer(
                    RecordedUpstream.Answer.stream(
                            withCall(recording.exchanges().get(0).body(), arguments)));
            upstream.answer(RecordedUpstream.Answer.of(recording.exchanges().get(1)));

            StreamGrammar.Said said =
                    StreamGrammar.check(
                            post(
                                            PHONE,
                                            "/v1/chat/completions",
                                            "{\"model\":\"claude-sonnet-4-6\",\"stream\":true,\"session_id\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Weather in Tokyo?\"}]}"
                                                    .formatted(session))
                                    .body());

            assertEquals("sunny", Files.readString(workspace.resolve("tokyo.txt")));
            assertTrue(said.text().startsWith("Sure! Let me check"), said.text());
            assertTrue(said.text().contains("\n\n"), said.text());
            assertEquals("stop", said.finishReason());
            JsonNode second = JSON.readTree(upstream.served().get(1).body());
            JsonNode messages = second.path("messages");
            assertEquals("thinking", messages.get(1).path("content").get(0).path("type").asText());
            assertFalse(
                    messages.get(1).path("content").get(0).path("signature").asText().isEmpty());
            assertEquals(
                    "tool_result", messages.get(2).path("content").get(0).path("type").asText());
            assertEquals(671 + 825, said.extras().getLast().path("input_tokens").asInt());
        }
    }

    /// The recorded stream, but for the name of the tool and its arguments.
    private static String withCall(String stream, String arguments) throws IOException {
        String piece = JSON.writeValueAsString(arguments);
        return stream.replace("\"get_weather\"", "\"files__write_file\"")
                .replace("\"{\\\"city\\\": \\\"T\"", piece)
                .replace("\"okyo, \"", "\"\"")
                .replace("\"Japan\\\"}\"", "\"\"");
    }

    @Test
    void anApprovalIsDecidedOnceByWhicheverDeviceIsFirst() throws Exception {
        start();
        String project = project();
        Path workspace = declareFiles(project);
        trust(project);
        String session = session(project);
        String script =
                call("files__write_file", Map.of("path", workspace + "/b.txt", "content", "x"))
                        + "\nthen\nsay ok";
        String run = background(session, script);
        String approval = pending(session).path("id").asText();

        assertEquals("waiting", json(get(PAD, "/v1/runs/" + run)).path("state").asText());
        HttpResponse<String> pad =
                post(PAD, resolve(approval), "{\"decision\":\"deny\",\"note\":\"not there\"}");
        HttpResponse<String> phone = post(PHONE, resolve(approval), "{\"decision\":\"allow\"}");

        assertEquals(200, pad.statusCode(), pad.body());
        assertEquals("pad", json(pad).path("decided_by").asText());
        assertEquals(409, phone.statusCode(), phone.body());
        JsonNode ended = await(run);
        assertEquals("completed", ended.path("state").asText());
        assertFalse(Files.exists(workspace.resolve("b.txt")));
        JsonNode execution =
                json(get(PHONE, "/v1/sessions/" + session + "/tools")).path("executions").get(0);
        assertEquals("denied", execution.path("status").asText());
        assertTrue(execution.path("output").asText().contains("not there"), execution.toString());
    }

    @Test
    void aDecisionThatIsMadeAfterARestartCountsForTheSameCall() throws Exception {
        start();
        String project = project();
        Path workspace = declareFiles(project);
        trust(project);
        String session = session(project);
        String script =
                call("files__write_file", Map.of("path", workspace + "/c.txt", "content", "x"))
                        + "\nthen\nsay ok";
        String run = background(session, script);
        String approval = pending(session).path("id").asText();

        server().close();
        start();

        assertEquals("interrupted", json(get(PAD, "/v1/runs/" + run)).path("state").asText());
        assertEquals(approval, pending(session).path("id").asText());
        assertEquals(200, post(PAD, resolve(approval), "{\"decision\":\"allow\"}").statusCode());
        JsonNode again = await(background(session, script));
        assertEquals("completed", again.path("state").asText());
        assertEquals("x", Files.readString(workspace.resolve("c.txt")));
        assertEquals(1, json(get(PAD, "/v1/approvals?session_id=" + session)).path("data").size());
    }

    @Test
    void aServerThatIsKilledInTheMiddleOfACallIsToldAndComesBack() throws Exception {
        everything();
        String session = session();
        try (Frames frames =
                frames(
                        session,
                        call(
                                        "every__trigger-long-running-operation",
                                        Map.of("duration", 60, "steps", 60))
                                + "\nthen\n"
                                + call("every__echo", Map.of("message", "back"))
                                + "\nthen\nsay ok")) {
            frames.await("tool_progress");
            long killed = System.nanoTime();
            children().forEach(ProcessHandle::destroyForcibly);
            JsonNode failed = frames.await("tool_result");
            long millis = (System.nanoTime() - killed) / 1_000_000;

            assertTrue(failed.path("is_error").asBoolean());
            System.out.println("kill of a server to its failure in the stream: " + millis + " ms");
            JsonNode next = frames.await("tool_result");
            assertEquals("Echo: back", next.path("content").asText());
            frames.await("usage");
        }
    }

    @ParameterizedTest
    @EnumSource(EverythingServer.Wire.class)
    void aServerOverHttpIsKilledInTheMiddleOfACallAndComesBack(EverythingServer.Wire wire)
            throws Exception {
        try (EverythingServer first = EverythingServer.start(wire)) {
            start(
                    "mcp.servers.far.url",
                    first.url().toString(),
                    "mcp.servers.far.type",
                    wire == EverythingServer.Wire.SSE ? "sse" : "http",
                    "mcp.backoff-min",
                    "10ms",
                    "mcp.policy.0.decision",
                    "allow");
            String session = session();
            Map<String, Object> lasting = Map.of("duration", 60, "steps", 60);
            try (Frames frames =
                    frames(
                            session,
                            call("far__trigger-long-running-operation", lasting)
                                    + "\nthen\nsay ok")) {
                frames.await("tool_progress");
                long killed = System.nanoTime();
                first.kill();
                assertTrue(frames.await("tool_result").path("is_error").asBoolean());
                long millis = (System.nanoTime() - killed) / 1_000_000;
                System.out.println("kill of a server over " + wire + ": " + millis + " ms");
                frames.await("usage");
            }
            try (EverythingServer _ = first.again()) {
                String back = call("far__echo", Map.of("message", "back")) + "\nthen\nsay ok";
                StreamGrammar.Said said = StreamGrammar.check(stream(session, back));
                assertEquals(
                        "Echo: back",
                        said.extras().stream()
                                .filter(frame -> frame.path("type").asText().equals("tool_result"))
                                .map(frame -> frame.path("content").asText())
                                .findFirst()
                                .orElse(said.extras().toString()));
            }
        }
    }

    @Test
    void cancellingARunStopsItsCalls() throws Exception {
        everything();
        String session = session();
        try (Frames frames =
                frames(
                        session,
                        call(
                                "every__trigger-long-running-operation",
                                Map.of("duration", 60, "steps", 60)))) {
            JsonNode progress = frames.await("tool_progress");
            String run = frames.run;
            long began = System.nanoTime();
            assertEquals(200, post(PHONE, "/v1/runs/" + run + ":cancel", "{}").statusCode());
            long millis = (System.nanoTime() - began) / 1_000_000;

            System.out.println("cancel of a run in a call: " + millis + " ms");
            assertTrue(progress.path("total").asDouble() > 0);
            assertEquals("cancelled", json(get(PHONE, "/v1/runs/" + run)).path("state").asText());
        }
        JsonNode execution =
                json(get(PHONE, "/v1/sessions/" + session + "/tools")).path("executions").get(0);
        assertEquals("cancelled", execution.path("status").asText());
    }

    @Test
    void aServersQuestionsAreAnsweredByWhicheverDevice() throws Exception {
        everything();
        String session = session();
        String asksFields = call("every__trigger-elicitation-request", Map.of()) + "\nthen\nsay ok";
        String first = background(session, asksFields);
        JsonNode form = pending(session);

        assertEquals("form", form.path("kind").asText());
        assertTrue(form.path("schema").path("properties").has("name"), form.toString());
        HttpResponse<String> filled =
                post(
                        PAD,
                        "/v1/runs/" + first + "/tool_calls/" + id(form) + ":resolve",
                        "{\"decision\":\"allow\",\"content\":{\"name\":\"Ada\"}}");
        assertEquals(200, filled.statusCode(), filled.body());
        assertEquals("completed", await(first).path("state").asText());
        assertTrue(lastOutput(session).contains("Ada"), lastOutput(session));

        String asksModel =
                call("every__trigger-sampling-request", Map.of("prompt", "hello", "maxTokens", 50))
                        + "\nthen\nsay ok";
        String second = background(session, asksModel);
        JsonNode sampling = pending(session);
        assertEquals("sampling", sampling.path("kind").asText());
        String resolve = resolve(sampling.path("id").asText());
        assertEquals(200, post(PHONE, resolve, "{\"decision\":\"allow\"}").statusCode());
        assertEquals("completed", await(second).path("state").asText());
        assertTrue(lastOutput(session).contains("scripted/demo"), lastOutput(session));
        assertTrue(lastOutput(session).contains("hello"), lastOutput(session));
    }

    private static String id(JsonNode approval) {
        return approval.path("tool_call_id").asText();
    }

    private String lastOutput(String session) {
        return json(get(PHONE, "/v1/sessions/" + session + "/tools"))
                .path("executions")
                .get(0)
                .path("output")
                .asText();
    }

    private void everything() {
        start(
                "mcp.servers.every.command",
                "node",
                "mcp.servers.every.args",
                NpmServers.script("everything").toString(),
                "mcp.policy.0.decision",
                "allow");
    }

    @Test
    void aServerThatVanishedIsAWarningAndNoFailure() throws Exception {
        start("mcp.servers.gone.command", "/nowhere/at-all", "mcp.servers.gone.args", "x");
        String session = session();

        StreamGrammar.Said said = StreamGrammar.check(stream(session, "say hi"));

        assertEquals("hi", said.text());
        assertEquals("warning", said.extras().getFirst().path("type").asText());
        assertEquals("gone", said.extras().getFirst().path("source").asText());
    }

    @Test
    void aSessionsChoiceOfToolsIsKeptAndARequestsComesFirst() throws Exception {
        start(
                "mcp.servers.every.command",
                "node",
                "mcp.servers.every.args",
                NpmServers.script("everything").toString());
        String session = session();
        assertEquals(
                200,
                post(PHONE, "/v1/sessions/" + session + "/tools", "{\"enabled_tools\":[\"echo\"]}")
                        .statusCode());

        assertEquals(List.of("every__echo"), offered(session, ""));
        assertEquals(List.of(), offered(session, ",\"mcp\":{\"enabled\":false}"));
        assertEquals(
                List.of("every__get-sum"),
                offered(session, ",\"mcp\":{\"enabled_tools\":[\"every__get-sum\"]}"));
        String copy =
                json(post(PHONE, "/v1/sessions/" + session + ":fork", "{}")).path("id").asText();
        assertEquals(List.of("every__echo"), offered(copy, ""));
    }

    private List<String> offered(String session, String more) throws IOException {
        JsonNode debug =
                json(
                        post(
                                PHONE,
                                "/v1/chat/completions/debug",
                                "{\"model\":\"scripted/demo\",\"session_id\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]%s}"
                                        .formatted(session, more)));
        List<String> names = new ArrayList<>();
        debug.path("tools").forEach(name -> names.add(name.asText()));
        return names;
    }

    private static List<ProcessHandle> children() {
        return ProcessHandle.current()
                .descendants()
                .filter(
                        child ->
                                child.info().commandLine().orElse("").contains("server-everything"))
                .toList();
    }

    private String project() throws IOException {
        return json(post(OPERATOR, "/v1/projects", "{\"name\":\"p\",\"path\":\"p\"}"))
                .path("id")
                .asText();
    }

    private Path declareFiles(String project) throws IOException {
        Path workspace = folder.resolve("workspaces/p").toRealPath();
        ObjectNode declaration = JSON.createObjectNode();
        ObjectNode files = declaration.putObject("mcpServers").putObject("files");
        files.put("command", "node");
        files.putArray("args").add(NpmServers.script("filesystem").toString()).add(".");
        Files.writeString(workspace.resolve(".mcp.json"), declaration.toString());
        assertFalse(project.isEmpty());
        return workspace;
    }

    private void trust(String project) {
        HttpResponse<String> trusted =
                post(OPERATOR, "/v1/mcp/servers/files@" + project + ":trust", "{}");
        assertEquals(200, trusted.statusCode(), trusted.body());
    }

    private String session() throws IOException {
        return json(post(PHONE, "/v1/sessions", "{\"model\":\"scripted/demo\"}"))
                .path("id")
                .asText();
    }

    private String session(String project) throws IOException {
        return session(project, "scripted/demo");
    }

    private String session(String project, String model) throws IOException {
        return json(post(
                        PHONE,
                        "/v1/sessions",
                        "{\"model\":\"%s\",\"project_id\":\"%s\"}".formatted(model, project)))
                .path("id")
                .asText();
    }

    private static String call(String tool, Map<String, Object> arguments) throws IOException {
        return "call " + tool + " " + JSON.writeValueAsString(arguments);
    }

    private static String resolve(String approval) {
        return "/v1/approvals/" + approval + ":resolve";
    }

    private static String question(String session, String script, String more) throws IOException {
        return "{\"model\":\"scripted/demo\",\"session_id\":\"%s\",%s\"messages\":[{\"role\":\"user\",\"content\":%s}]}"
                .formatted(session, more, JSON.writeValueAsString("/script\n" + script));
    }

    private String background(String session, String script) throws IOException {
        return json(post(
                        PHONE,
                        "/v1/chat/completions",
                        question(session, script, "\"background\":true,")))
                .path("id")
                .asText();
    }

    private String stream(String session, String script) throws IOException {
        return post(PHONE, "/v1/chat/completions", question(session, script, "\"stream\":true,"))
                .body();
    }

    /// The body of a stream in which everything that is asked is allowed, on another device.
    private String streamAllowing(String session, String script) throws Exception {
        Thread pad =
                Thread.ofVirtual()
                        .start(
                                () ->
                                        post(
                                                PAD,
                                                resolve(pending(session).path("id").asText()),
                                                "{\"decision\":\"allow\"}"));
        String body = stream(session, script);
        pad.join();
        return body;
    }

    /// The approval that waits in a session, once there is one.
    private JsonNode pending(String session) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < deadline) {
            JsonNode open =
                    json(get(PAD, "/v1/approvals?state=pending&session_id=" + session))
                            .path("data");
            if (!open.isEmpty()) {
                return open.get(0);
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("nothing is asked");
    }

    private JsonNode await(String run) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < deadline) {
            JsonNode state = json(get(PHONE, "/v1/runs/" + run));
            if (!List.of("queued", "running", "waiting").contains(state.path("state").asText())) {
                return state;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("the run does not end");
    }

    private List<RunEvent> overGrpc(String session, String script) {
        Metadata key = new Metadata();
        key.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + PHONE);
        Iterator<RunEvent> events =
                ChatServiceGrpc.newBlockingStub(server().grpc())
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(key))
                        .streamChatCompletion(
                                ChatCompletionRequest.newBuilder()
                                        .setModel("scripted/demo")
                                        .setSessionId(session)
                                        .addMessages(
                                                ChatMessage.newBuilder()
                                                        .setRole("user")
                                                        .setContent("/script\n" + script))
                                        .build());
        List<RunEvent> all = new ArrayList<>();
        events.forEachRemaining(all::add);
        assertTrue(
                all.stream()
                        .filter(RunEvent::hasApproval)
                        .allMatch(
                                event ->
                                        event.getApproval().getState()
                                                == ApprovalState.APPROVAL_STATE_PENDING));
        return all;
    }

    private HttpResponse<String> get(String key, String path) {
        return server().send(
                        HttpRequest.newBuilder(server().uri(path)).header("x-api-key", key).GET());
    }

    private HttpResponse<String> post(String key, String path, String json) {
        return server().send(
                        HttpRequest.newBuilder(server().uri(path))
                                .header("x-api-key", key)
                                .header("content-type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private static JsonNode json(HttpResponse<String> answer) {
        try {
            assertTrue(answer.statusCode() < 300, answer.body());
            return JSON.readTree(answer.body());
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
    }

    /// The frames of a stream that is at work.
    private static final class Frames implements AutoCloseable {
        private final InputStream body;
        private final BufferedReader lines;
        private String run = "";

        Frames(InputStream body) {
            this.body = body;
            this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        }

        JsonNode await(String type) throws IOException {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("data: {")) {
                    continue;
                }
                JsonNode frame = JSON.readTree(line.substring("data: ".length()));
                run = frame.path("run_id").asText(run);
                if (frame.path("type").asText().equals(type)) {
                    return frame;
                }
            }
            throw new AssertionError("the stream ends without " + type);
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    private Frames frames(String session, String script) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(server().uri("/v1/chat/completions"))
                        .version(HttpClient.Version.HTTP_1_1)
                        .header("x-api-key", PHONE)
                        .header("content-type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        question(session, script, "\"stream\":true,")))
                        .build();
        return new Frames(
                HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream()).body());
    }
}
