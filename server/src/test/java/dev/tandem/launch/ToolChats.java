package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.mcp.NpmServers;
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
import org.jspecify.annotations.Nullable;

/// A server with three keys, of which one is an admin's, and short ways to chat with models that
/// use tools of real MCP servers.
final class ToolChats implements AutoCloseable {
    static final JsonMapper JSON = new JsonMapper();
    static final String OPERATOR = "operator-0123456789";
    static final String PHONE = "phone-0123456789abc";
    static final String PAD = "pad-0123456789abcdef";

    private final Path folder;
    private final Map<String, String> settings = new HashMap<>();
    private @Nullable RunningServer server;

    /// @param folder holds the data
    ToolChats(Path folder) {
        this.folder = folder;
    }

    /// Stops the server; [#start] starts it again on the same data.
    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }

    private RunningServer server() {
        return Objects.requireNonNull(server, "no server was started");
    }

    void start(String... more) {
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

    void everything() {
        start(
                "mcp.servers.every.command",
                "node",
                "mcp.servers.every.args",
                NpmServers.script("everything").toString(),
                "mcp.policy.0.decision",
                "allow");
    }

    String project() throws IOException {
        return json(post(OPERATOR, "/v1/projects", "{\"name\":\"p\",\"path\":\"p\"}"))
                .path("id")
                .asText();
    }

    Path declareFiles(String project) throws IOException {
        Path workspace = folder.resolve("workspaces/p").toRealPath();
        ObjectNode declaration = JSON.createObjectNode();
        ObjectNode files = declaration.putObject("mcpServers").putObject("files");
        files.put("command", "node");
        files.putArray("args").add(NpmServers.script("filesystem").toString()).add(".");
        Files.writeString(workspace.resolve(".mcp.json"), declaration.toString());
        assertFalse(project.isEmpty());
        return workspace;
    }

    void trust(String project) {
        HttpResponse<String> trusted =
                post(OPERATOR, "/v1/mcp/servers/files@" + project + ":trust", "{}");
        assertEquals(200, trusted.statusCode(), trusted.body());
    }

    String session() throws IOException {
        return json(post(PHONE, "/v1/sessions", "{\"model\":\"scripted/demo\"}"))
                .path("id")
                .asText();
    }

    String session(String project) throws IOException {
        return session(project, "scripted/demo");
    }

    String session(String project, String model) throws IOException {
        return json(post(
                        PHONE,
                        "/v1/sessions",
                        "{\"model\":\"%s\",\"project_id\":\"%s\"}".formatted(model, project)))
                .path("id")
                .asText();
    }

    static String call(String tool, Map<String, Object> arguments) throws IOException {
        return "call " + tool + " " + JSON.writeValueAsString(arguments);
    }

    static String resolve(String approval) {
        return "/v1/approvals/" + approval + ":resolve";
    }

    static String question(String session, String script, String more) throws IOException {
        return "{\"model\":\"scripted/demo\",\"session_id\":\"%s\",%s\"messages\":[{\"role\":\"user\",\"content\":%s}]}"
                .formatted(session, more, JSON.writeValueAsString("/script\n" + script));
    }

    String background(String session, String script) throws IOException {
        return json(post(
                        PHONE,
                        "/v1/chat/completions",
                        question(session, script, "\"background\":true,")))
                .path("id")
                .asText();
    }

    String stream(String session, String script) throws IOException {
        return post(PHONE, "/v1/chat/completions", question(session, script, "\"stream\":true,"))
                .body();
    }

    /// The body of a stream in which everything that is asked is allowed, on another device.
    String streamAllowing(String session, String script) throws Exception {
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
    JsonNode pending(String session) {
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

    JsonNode await(String run) {
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

    String lastOutput(String session) {
        return json(get(PHONE, "/v1/sessions/" + session + "/tools"))
                .path("executions")
                .get(0)
                .path("output")
                .asText();
    }

    List<RunEvent> overGrpc(String session, String script) {
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

    HttpResponse<String> get(String key, String path) {
        return server().send(key, "GET", path, "");
    }

    HttpResponse<String> post(String key, String path, String json) {
        return server().send(key, "POST", path, json);
    }

    static JsonNode json(HttpResponse<String> answer) {
        try {
            assertTrue(answer.statusCode() < 300, answer.body());
            return JSON.readTree(answer.body());
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
    }

    /// The frames of a stream that is at work.
    static final class Frames implements AutoCloseable {
        private final InputStream body;
        private final BufferedReader lines;
        String run = "";

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

    Frames frames(String session, String script) throws Exception {
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
