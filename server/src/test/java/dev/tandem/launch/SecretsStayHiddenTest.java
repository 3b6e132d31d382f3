package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Uses secrets in every place that takes one, and looks for them in every place that tells
/// something: the log at its most talkative, answers, metrics, files.
final class SecretsStayHiddenTest {
    private static final String KEY = "caller-key-7f3a9c51";
    private static final String WRONG = "wrong-key-2b8e6d04";
    private static final String UPSTREAM = "sk-ant-upstream-91c4";
    private static final String CHAT =
            """
            {"model":"claude-opus-4-8","messages":[{"role":"user","content":"hi"}]}
            """;

    @TempDir Path folder;

    private final Map<String, String> sinks = new TreeMap<>();
    private final TraceLog log = new TraceLog();

    @AfterEach
    void stopListening() {
        log.close();
    }

    @Test
    void noSinkHoldsASecretThatWasUsed() throws IOException {
        HttpServer upstream = upstreamThatTellsTheKey();
        try (RunningServer server = RunningServer.start(folder, settings(upstream))) {
            note("answer", post(server, KEY), 502);
            note("refusal", post(server, WRONG), 401);
            note("metrics", get(server, "/metrics", KEY), 200);
            note("no metrics", get(server, "/metrics", WRONG), 401);
            note("models", get(server, "/v1/models", KEY), 200);
        } finally {
            upstream.stop(0);
        }
        sinks.put("log", log.text());
        collectFiles();

        assertTrue(sinks.getOrDefault("log", "").contains("\"outcome\":\"unauthorized\""));
        sinks.forEach(
                (sink, text) -> {
                    for (String secret : List.of(KEY, WRONG, UPSTREAM)) {
                        assertFalse(text.contains(secret), () -> sink + " holds " + secret);
                    }
                });
    }

    /// Answers that the key is wrong, and quotes it.
    private static HttpServer upstreamThatTellsTheKey() throws IOException {
        HttpServer upstream =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.createContext(
                "/",
                exchange -> {
                    byte[] body =
                            """
                            {"type":"error","error":{"type":"authentication_error",\
                            "message":"invalid x-api-key: %s"}}
                            """
                                    .formatted(exchange.getRequestHeaders().getFirst("x-api-key"))
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(401, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        upstream.start();
        return upstream;
    }

    private static Map<String, String> settings(HttpServer upstream) {
        return Map.of(
                "auth.keys.0.name",
                "phone",
                "auth.keys.0.key",
                KEY,
                "anthropic.api-key",
                UPSTREAM,
                "anthropic.base-url",
                "http://127.0.0.1:" + upstream.getAddress().getPort());
    }

    private static HttpResponse<String> post(RunningServer server, String key) {
        URI uri = server.uri("/v1/chat/completions");
        return server.send(
                HttpRequest.newBuilder(uri)
                        .header("authorization", "Bearer " + key)
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(CHAT)));
    }

    private static HttpResponse<String> get(RunningServer server, String path, String key) {
        return server.send(HttpRequest.newBuilder(server.uri(path)).header("x-api-key", key));
    }

    private void note(String sink, HttpResponse<String> answer, int status) {
        assertEquals(status, answer.statusCode(), answer.body());
        sinks.put(sink, answer.headers().map() + answer.body());
    }

    private void collectFiles() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sinks.put(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
    }
}
