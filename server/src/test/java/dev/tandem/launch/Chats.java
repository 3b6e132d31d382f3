package dev.tandem.launch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.testing.HeldUpstream;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.ChatMessage;
import dev.tandem.v1.ChatServiceGrpc;
import dev.tandem.v1.ChatServiceGrpc.ChatServiceBlockingStub;
import dev.tandem.v1.RunEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// A server that asks a [HeldUpstream], and short ways to chat with it over both wires.
final class Chats implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PATH = "/v1/chat/completions";

    final HeldUpstream upstream = new HeldUpstream();
    private final Path folder;
    private final Map<String, String> settings = new HashMap<>();
    private RunningServer server;

    Chats(Path folder, Map<String, String> more) {
        this.folder = folder;
        settings.put("anthropic.api-key", "sk-ant-test-key");
        settings.put("anthropic.base-url", upstream.uri().toString());
        settings.putAll(more);
        server = RunningServer.start(folder, settings);
    }

    /// Stops the server, with what is in progress, and starts it again on the same data.
    void restart() {
        server.close();
        server = RunningServer.start(folder, settings);
    }

    void stop() {
        server.close();
    }

    void start() {
        server = RunningServer.start(folder, settings);
    }

    RunningServer server() {
        return server;
    }

    ChatServiceBlockingStub grpc() {
        return ChatServiceGrpc.newBlockingStub(server.grpc())
                .withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    String session() {
        return json(server.post("/v1/sessions", "{\"model\":\"claude-sonnet-4-6\"}").body())
                .path("id")
                .asText();
    }

    /// A question, with more fields such as `"session_id":"…",`.
    static String body(String fields, String text) {
        return "{\"model\":\"claude-sonnet-4-6\","
                + fields
                + "\"messages\":[{\"role\":\"user\",\"content\":\""
                + text
                + "\"}]}";
    }

    static ChatCompletionRequest.Builder question(String text) {
        return ChatCompletionRequest.newBuilder()
                .setModel("claude-sonnet-4-6")
                .addMessages(ChatMessage.newBuilder().setRole("user").setContent(text));
    }

    HttpResponse<String> post(String body, String... headers) {
        return server.send(request(body, headers));
    }

    HttpRequest.Builder request(String body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.uri(PATH))
                        .header("content-type", "application/json")
                        .timeout(Duration.ofSeconds(30))
                        .POST(BodyPublishers.ofString(body));
        return headers.length == 0 ? request : request.headers(headers);
    }

    /// A request whose client can leave.
    Socket open(String body, String... headers) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        StringBuilder head =
                new StringBuilder("POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\n")
                        .append("Content-Type: application/json\r\nContent-Length: ")
                        .append(body.length())
                        .append("\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        socket.getOutputStream().write((head + "\r\n" + body).getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    /// Asks without waiting for the answer.
    static <T> CompletableFuture<T> later(Supplier<T> call) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                answer.complete(call.get());
                            } catch (Throwable failed) {
                                answer.completeExceptionally(failed);
                            }
                        });
        return answer;
    }

    List<RunEvent> stream(ChatCompletionRequest request) {
        List<RunEvent> events = new ArrayList<>();
        Iterator<RunEvent> stream = grpc().streamChatCompletion(request);
        stream.forEachRemaining(events::add);
        return events;
    }

    static String text(List<RunEvent> events) {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(event.getText().getText()));
        return text.toString();
    }

    /// The messages of a session, each as `role text`.
    List<String> history(String session) {
        List<String> history = new ArrayList<>();
        json(server.get("/v1/sessions/" + session + "/messages").body())
                .path("data")
                .forEach(
                        message ->
                                history.add(
                                        message.path("role").asText()
                                                + " "
                                                + message.path("content").asText()));
        return history;
    }

    JsonNode run(String id) {
        return json(server.get("/v1/runs/" + id).body());
    }

    String state(String run) {
        return run(run).path("state").asText();
    }

    /// The runs of a session or of all, newest first.
    List<JsonNode> runs(String query) {
        List<JsonNode> runs = new ArrayList<>();
        json(server.get("/v1/runs" + query).body()).path("data").forEach(runs::add);
        return runs;
    }

    /// Waits for something that only the server's answers tell.
    static void await(String what, BooleanSupplier holds) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within 10 s: " + what);
            }
            Thread.sleep(2);
        }
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public void close() {
        server.close();
        upstream.close();
    }
}
