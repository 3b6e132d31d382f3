package dev.tandem.edge.cors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.launch.RunningServer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a server without keys tells pages of a listed origin, and those of another.
final class CorsTest {
    private static final String LISTED = "https://app.example";
    private static final String OTHER = "https://evil.example";
    private static final String GRPC_WEB = "/tandem.v1.ModelService/ListModels";

    @TempDir static Path folder;
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server =
                RunningServer.start(
                        folder,
                        Map.of(
                                "scripted.enabled",
                                "true",
                                "server.cors.origins",
                                LISTED + ",http://localhost:5173"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> preflight(String path, String origin) {
        return server.send(
                HttpRequest.newBuilder(server.uri(path))
                        .method("OPTIONS", BodyPublishers.noBody())
                        .header("origin", origin)
                        .header("access-control-request-method", "POST")
                        .header(
                                "access-control-request-headers",
                                "authorization,content-type,x-stainless-lang,bad name"));
    }

    private static HttpResponse<String> get(String path, String origin) {
        return server.send(HttpRequest.newBuilder(server.uri(path)).header("origin", origin));
    }

    private static HttpResponse<String> grpcWeb(String origin) {
        return server.send(
                HttpRequest.newBuilder(server.uri(GRPC_WEB))
                        .header("origin", origin)
                        .header("content-type", "application/grpc-web+proto")
                        .POST(BodyPublishers.ofByteArray(new byte[5])));
    }

    private static Optional<String> header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name);
    }

    private static void assertSaysNothing(HttpResponse<String> answer) {
        assertTrue(
                answer.headers().map().keySet().stream()
                        .noneMatch(name -> name.startsWith("access-control-")),
                answer.headers()::toString);
        assertEquals(Optional.of("Origin"), header(answer, "vary"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions", "/v1/sessions", GRPC_WEB, "/health"})
    void aPreflightOfAListedOriginIsAllowed(String path) {
        HttpResponse<String> answer = preflight(path, LISTED);

        assertEquals(204, answer.statusCode());
        assertEquals(Optional.of(LISTED), header(answer, "access-control-allow-origin"));
        assertEquals(Optional.of("600"), header(answer, "access-control-max-age"));
        assertEquals(Optional.of("Origin"), header(answer, "vary"));
        assertTrue(header(answer, "access-control-allow-methods").orElse("").contains("DELETE"));
        assertEquals(
                "authorization, content-type, x-api-key, x-request-id, idempotency-key,"
                        + " last-event-id, x-grpc-web, x-user-agent, grpc-timeout,"
                        + " x-stainless-lang",
                header(answer, "access-control-allow-headers").orElse(""));
        assertFalse(header(answer, "access-control-allow-credentials").isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {OTHER, "https://app.example:444", "http://app.example", "null"})
    void aPreflightOfAnotherOriginIsNot(String origin) {
        HttpResponse<String> answer = preflight("/v1/chat/completions", origin);

        assertEquals(403, answer.statusCode());
        assertSaysNothing(answer);
    }

    @Test
    void aPageOfAListedOriginIsLetInAndMayRead() {
        HttpResponse<String> answer = get("/v1/models", LISTED);
        HttpResponse<String> refused = get("/v1/nothing", LISTED);
        HttpResponse<String> web = grpcWeb(LISTED);

        assertEquals(200, answer.statusCode());
        assertEquals(404, refused.statusCode());
        assertEquals(200, web.statusCode());
        assertTrue(web.body().contains("grpc-status: 0"), web.body());
        for (HttpResponse<String> one : List.of(answer, refused, web)) {
            assertEquals(Optional.of(LISTED), header(one, "access-control-allow-origin"));
            assertTrue(
                    header(one, "access-control-expose-headers")
                            .orElse("")
                            .contains("x-request-id"));
        }
    }

    @Test
    void aPageOfAnotherOriginIsKeptOut() {
        HttpResponse<String> answer = get("/v1/models", OTHER);
        HttpResponse<String> web = grpcWeb(OTHER);

        assertEquals(403, answer.statusCode());
        assertTrue(answer.body().contains("server.cors.origins"), answer.body());
        assertTrue(web.body().contains("grpc-status: 7"), web.body());
        assertSaysNothing(answer);
        assertSaysNothing(web);
    }

    @Test
    void aLoopbackPageThatIsNotListedIsAnsweredButMayNotRead() {
        HttpResponse<String> answer = get("/v1/models", "http://localhost:3000");

        assertEquals(200, answer.statusCode());
        assertSaysNothing(answer);
    }

    @Test
    void withoutListedOriginsNothingIsSaid(@TempDir Path data) {
        try (RunningServer silent = RunningServer.start(data, Map.of())) {
            HttpResponse<String> answer =
                    silent.send(
                            HttpRequest.newBuilder(silent.uri("/health"))
                                    .header("origin", "http://localhost:3000"));

            assertEquals(200, answer.statusCode());
            assertFalse(header(answer, "vary").isPresent());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "null",
                "app.example",
                "https://app.example/",
                "https://*.example",
                "https://a.example b"
            })
    void onlyExactOriginsCanBeListed(String origin) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new CorsSettings(List.of(origin), Duration.ZERO));
    }

    @Test
    void originsOfAppsInAShellCanBeListed() {
        List<String> origins = List.of("capacitor://localhost", "http://[::1]:8080");

        assertEquals(origins, new CorsSettings(origins, Duration.ZERO).origins());
    }
}
