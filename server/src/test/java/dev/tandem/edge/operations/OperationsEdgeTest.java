package dev.tandem.edge.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.auth.ApiKey;
import dev.tandem.auth.FrontDoor;
import dev.tandem.auth.KeyList;
import dev.tandem.edge.rest.RestSettings;
import dev.tandem.id.Ids;
import dev.tandem.observe.CallMetrics;
import dev.tandem.observe.Readiness;
import dev.tandem.observe.Readiness.State;
import dev.tandem.observe.ServerMetrics;
import dev.tandem.rpc.Pipeline;
import dev.tandem.secret.Secret;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OperationsEdgeTest {
    private static final String KEY = "0123456789abcdef";

    private final Readiness readiness = new Readiness();
    private final AtomicBoolean storageWorks = new AtomicBoolean(true);
    private final ServerMetrics metrics = new ServerMetrics("1.2.3", () -> Duration.ofDays(1));
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebServer server = server();

    @BeforeEach
    void start() {
        server.start();
        readiness.reach(State.READY);
    }

    @AfterEach
    void stop() {
        server.stop();
        client.close();
        metrics.close();
    }

    @Test
    void healthIsWhatTheAppDecodes() throws Exception {
        HttpResponse<String> answer = get("/health");

        assertEquals(200, answer.statusCode());
        assertEquals(
                "{\"ok\":true,\"version\":\"1.2.3\",\"active_sessions\":2,\"uptime_seconds\":86400}",
                answer.body());
        assertEquals("application/json", answer.headers().firstValue("content-type").orElse(""));
        assertTrue(answer.headers().firstValue("x-request-id").isPresent());
    }

    @Test
    void aServerThatDrainsIsAliveButNotReady() throws Exception {
        readiness.reach(State.DRAINING);

        assertEquals(503, get("/health").statusCode());
        assertTrue(get("/health").body().startsWith("{\"ok\":false,"));
        assertEquals(503, get("/health/ready").statusCode());
        assertEquals(200, get("/health/live").statusCode());
        assertEquals("{\"status\":\"UP\"}", get("/health/live").body());
    }

    @Test
    void aServerWithoutItsStorageIsNotReadyAndDoesNotSayWhy() throws Exception {
        assertEquals(
                "{\"status\":\"UP\",\"checks\":[{\"name\":\"accepting\",\"status\":\"UP\"},"
                        + "{\"name\":\"storage\",\"status\":\"UP\"}]}",
                get("/health/ready").body());

        storageWorks.set(false);

        assertEquals(503, get("/health/ready").statusCode());
        assertEquals(
                "{\"status\":\"DOWN\",\"checks\":[{\"name\":\"accepting\",\"status\":\"UP\"},"
                        + "{\"name\":\"storage\",\"status\":\"DOWN\"}]}",
                get("/health/ready").body());
    }

    @Test
    void metricsNeedAKeyAndAreWhatPrometheusReads() throws Exception {
        assertEquals(401, get("/metrics").statusCode());

        HttpResponse<String> answer = get("/metrics", "authorization", "Bearer " + KEY);

        assertEquals(200, answer.statusCode());
        assertEquals(
                "text/plain; version=0.0.4; charset=utf-8",
                answer.headers().firstValue("content-type").orElse(""));
        assertTrue(answer.body().contains("outcome=\"unauthorized\""), answer.body());
        assertFalse(answer.body().contains(KEY));
    }

    private HttpResponse<String> get(String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private WebServer server() {
        Pipeline pipeline =
                new Pipeline(
                        FrontDoor.open(),
                        new KeyList(List.of(new ApiKey("ops", "default", new Secret(KEY)))),
                        call -> {},
                        new CallMetrics(metrics));
        Vitals vitals =
                new Vitals(
                        "1.2.3",
                        readiness,
                        () -> 2,
                        () -> Duration.ofDays(1),
                        List.of(new Probe("storage", this::tryStorage)));
        HttpRouting.Builder routing = HttpRouting.builder();
        new OperationsEdge(
                        pipeline,
                        new Ids(Clock.systemUTC(), new SecureRandom()),
                        RestSettings.DEFAULTS,
                        vitals,
                        metrics)
                .register(routing);
        return WebServer.builder().host("127.0.0.1").port(0).routing(routing).build();
    }

    private void tryStorage() throws IOException {
        if (!storageWorks.get()) {
            throw new IOException("no space left on device");
        }
    }
}
