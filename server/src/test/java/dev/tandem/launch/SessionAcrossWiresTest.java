package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.ChatMessage;
import dev.tandem.v1.ChatServiceGrpc;
import dev.tandem.v1.ListMessagesRequest;
import dev.tandem.v1.SessionMessage;
import dev.tandem.v1.SessionServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A conversation of five turns that changes wires at each, on a server that is killed outright in
/// the middle of it and started again.
@Timeout(120)
final class SessionAcrossWiresTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void historyIsWholeAcrossWiresAndAKill() throws Exception {
        int port = freePort();
        String session;
        try (Program program = Program.start(folder, port)) {
            session =
                    post(port, "/v1/sessions", "{\"model\":\"scripted/echo\"}").path("id").asText();
            assertEquals("one", overRest(port, session, "one"));
            assertEquals("two", overGrpc(port, session, "two"));
            assertEquals("three", overRest(port, session, "three"));
            leaveOneHanging(port, session);
            program.kill();
        }

        try (Program program = Program.start(folder, port)) {
            assertTrue(program.isAlive());
            assertEquals("four", overGrpc(port, session, "four"));
            assertEquals("five", overRest(port, session, "five"));
            assertEquals(
                    List.of(
                            "user one",
                            "assistant one",
                            "user two",
                            "assistant two",
                            "user three",
                            "assistant three",
                            "user /script\nhang",
                            "user four",
                            "assistant four",
                            "user five",
                            "assistant five"),
                    history(port, session));
            assertEquals("interrupted", get(port, "/v1/runs/" + hanging).path("state").asText());
        }
    }

    private String hanging = "";

    /// An answer that is in progress when the server dies.
    private void leaveOneHanging(int port, String session) throws Exception {
        Future<?> _ =
                http.sendAsync(
                        request(
                                port,
                                "/v1/chat/completions",
                                chat(session, "/script\\nhang", true)),
                        BodyHandlers.ofString());
        String status = "/v1/chat/completions/" + session + "/status";
        while (!get(port, status).path("is_running").asBoolean()) {
            Thread.onSpinWait();
        }
        hanging = get(port, status).path("run_id").asText();
    }

    private String overRest(int port, String session, String text) throws Exception {
        return post(port, "/v1/chat/completions", chat(session, text, false))
                .path("choices")
                .path(0)
                .path("message")
                .path("content")
                .asText();
    }

    private static String chat(String session, String text, boolean stream) {
        return """
        {"session_id":"%s","stream":%s,"messages":[{"role":"user","content":"%s"}]}
        """
                .formatted(session, stream, text);
    }

    private static String overGrpc(int port, String session, String text) throws Exception {
        ManagedChannel channel = channel(port);
        try {
            StringBuilder answer = new StringBuilder();
            ChatServiceGrpc.newBlockingStub(channel)
                    .streamChatCompletion(
                            ChatCompletionRequest.newBuilder()
                                    .setSessionId(session)
                                    .addMessages(
                                            ChatMessage.newBuilder()
                                                    .setRole("user")
                                                    .setContent(text))
                                    .build())
                    .forEachRemaining(event -> answer.append(event.getText().getText()));
            return answer.toString();
        } finally {
            close(channel);
        }
    }

    private static List<String> history(int port, String session) throws Exception {
        ManagedChannel channel = channel(port);
        try {
            List<String> history = new ArrayList<>();
            for (SessionMessage message :
                    SessionServiceGrpc.newBlockingStub(channel)
                            .listMessages(
                                    ListMessagesRequest.newBuilder().setSessionId(session).build())
                            .getDataList()) {
                history.add(message.getRole() + " " + message.getContent());
            }
            return history;
        } finally {
            close(channel);
        }
    }

    private static ManagedChannel channel(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    private static void close(ManagedChannel channel) throws InterruptedException {
        assertTrue(channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS));
    }

    private JsonNode post(int port, String path, String body) throws Exception {
        return JSON.readTree(http.send(request(port, path, body), BodyHandlers.ofString()).body());
    }

    private JsonNode get(int port, String path) throws Exception {
        return JSON.readTree(
                http.send(
                                HttpRequest.newBuilder(uri(port, path)).GET().build(),
                                BodyHandlers.ofString())
                        .body());
    }

    private static HttpRequest request(int port, String path, String body) {
        return HttpRequest.newBuilder(uri(port, path))
                .version(HttpClient.Version.HTTP_1_1)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
