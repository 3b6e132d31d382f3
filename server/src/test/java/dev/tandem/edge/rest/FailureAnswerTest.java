package dev.tandem.edge.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.auth.Caller;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.rpc.FailureStatus;
import dev.tandem.testing.EdgeServer;
import dev.tandem.testing.FakeContract;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FailureAnswerTest {
    private static final AtomicReference<Failure> NEXT = new AtomicReference<>();
    private static final FakeContract CONTRACT =
            new FakeContract()
                    .answer(
                            "GetRun",
                            (_, _) -> {
                                throw NEXT.get();
                            });
    private static final EdgeServer SERVER =
            new EdgeServer(CONTRACT.methods(), FailureAnswerTest::known);

    private static Caller known(Optional<String> credential) {
        return credential
                .filter("key"::equals)
                .map(_ -> Caller.ANONYMOUS)
                .orElseThrow(() -> new Failure(FailureCode.UNAUTHORIZED, "Send a key."));
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @ParameterizedTest
    @EnumSource(FailureCode.class)
    void hasAllSixFieldsWhateverTheCode(FailureCode code) {
        FailureStatus status = FailureStatus.of(code);

        HttpResponse<String> answer = failing(new Failure(code, "It \"failed\"."));

        assertEquals(status.http(), answer.statusCode());
        assertEquals(
                "{\"error\":{\"message\":\"It \\\"failed\\\".\",\"type\":\""
                        + status.type()
                        + "\",\"param\":null,\"code\":\""
                        + code.word()
                        + "\",\"status\":"
                        + status.http()
                        + ",\"request_id\":\"r1\"}}",
                answer.body());
        assertEquals("r1", header(answer, "x-request-id"));
    }

    @Test
    void namesFieldAndRun() {
        HttpResponse<String> answer =
                failing(
                        new Failure(FailureCode.RUN_IN_PROGRESS, "Busy.")
                                .at("session_id")
                                .withRun("run_1"));

        assertTrue(answer.body().contains("\"param\":\"session_id\""), answer.body());
        assertTrue(answer.body().endsWith("\"run_id\":\"run_1\"}}"), answer.body());
    }

    @Test
    void saysWhenToRetry() {
        HttpResponse<String> answer =
                failing(
                        new Failure(FailureCode.RATE_LIMITED, "Slow down.")
                                .retryAfter(Duration.ofMillis(1_200)));

        assertEquals("2", header(answer, "Retry-After"));
        assertEquals("1200", header(answer, "retry-after-ms"));
        assertEquals("", header(answer, "x-should-retry"));
    }

    @Test
    void saysWhetherToRetry() {
        Failure failure = new Failure(FailureCode.UPSTREAM_ERROR, "The key is wrong.");

        assertEquals("false", header(failing(failure.retryable(false)), "x-should-retry"));
        assertEquals("true", header(failing(failure.retryable(true)), "x-should-retry"));
        assertEquals("", header(failing(failure), "Retry-After"));
    }

    @Test
    void takesTheKeyFromEitherHeader() {
        NEXT.set(new Failure(FailureCode.NOT_FOUND, "No such run."));

        assertEquals(404, SERVER.get("/v1/runs/r", "Authorization", "Bearer key").statusCode());
        assertEquals(404, SERVER.get("/v1/runs/r", "authorization", "bearer  key").statusCode());
        assertEquals(404, SERVER.get("/v1/runs/r", "x-api-key", "key").statusCode());
        assertEquals(401, SERVER.get("/v1/runs/r", "Authorization", "Basic key").statusCode());
        assertEquals(401, SERVER.get("/v1/runs/r", "x-api-key", "other").statusCode());
    }

    @Test
    void challengesWhoHasNoKeyBeforeAnythingElse() {
        HttpResponse<String> answer = SERVER.get("/v1/sessions?nonsense=1");

        assertEquals(401, answer.statusCode());
        assertTrue(header(answer, "WWW-Authenticate").startsWith("Bearer"));
        assertFalse(answer.body().contains("nonsense"));
    }

    @Test
    void countsRequestsThatReachNoMethod() {
        int before = SERVER.ended().size();

        SERVER.get("/nowhere");
        SERVER.get("/v1/sessions?nonsense=1", "x-api-key", "key");

        assertEquals(
                "[refused not_found, SessionService/ListSessions invalid_request]",
                SERVER.ended().stream()
                        .skip(before)
                        .map(call -> call.method() + " " + call.outcome())
                        .toList()
                        .toString());
    }

    private static HttpResponse<String> failing(Failure failure) {
        NEXT.set(failure);
        return SERVER.get("/v1/runs/r", "x-request-id", "r1", "x-api-key", "key");
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
