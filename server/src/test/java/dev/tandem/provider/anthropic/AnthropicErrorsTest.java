package dev.tandem.provider.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.provider.PreparedCall;
import dev.tandem.secret.Secret;
import dev.tandem.provider.http.UpstreamClient;
import dev.tandem.testing.RecordedUpstream;
import dev.tandem.testing.RecordedUpstream.Answer;
import dev.tandem.testing.RecordedUpstream.Delivery;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What each error of Anthropic's becomes, over a socket.
final class AnthropicErrorsTest {
    private static final String KEY = "sk-ant-very-secret";
    private static final UpstreamClient CLIENT = new UpstreamClient(Duration.ofSeconds(5));

    @AfterAll
    static void closeClient() {
        CLIENT.close();
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error, INVALID_REQUEST, said",
        "401, authentication_error, UPSTREAM_ERROR, hidden",
        "402, billing_error, UPSTREAM_ERROR, hidden",
        "403, permission_error, UPSTREAM_ERROR, hidden",
        "404, not_found_error, NOT_FOUND, said",
        "409, conflict_error, UPSTREAM_ERROR, said",
        "413, request_too_large, REQUEST_TOO_LARGE, said",
        "429, rate_limit_error, RATE_LIMITED, said",
        "500, api_error, UPSTREAM_ERROR, said",
        "502, api_error, UPSTREAM_ERROR, said",
        "504, timeout_error, UPSTREAM_TIMEOUT, said",
        "529, overloaded_error, OVERLOADED, said"
    })
    void eachStatusHasItsCode(int status, String type, FailureCode code, String words)
            throws Exception {
        String body =
                """
                {"type":"error","error":{"type":"%s","message":"said, with %s in it"},"request_id":"req_1"}"""
                        .formatted(type, KEY);
        Failure failure =
                failure(new Answer(status, Map.of("request-id", "req_1"), body, Delivery.AT_ONCE));

        assertEquals(code, failure.code());
        assertEquals(words.equals("said"), failure.text().startsWith("said, with *** in it"));
        boolean operators = words.equals("hidden");
        assertEquals(operators ? Optional.of(false) : Optional.empty(), failure.retryable());
        if (status == 404) {
            assertEquals("model", failure.param().orElseThrow());
        }
        assertHidesTheKey(failure);
    }

    @Test
    void theWaitAndTheAdviceArePassedOn() throws Exception {
        String body = "{\"error\":{\"type\":\"rate_limit_error\",\"message\":\"slow down\"}}";
        Failure failure =
                failure(
                        new Answer(
                                429,
                                Map.of("retry-after", "17", "x-should-retry", "true"),
                                body,
                                Delivery.AT_ONCE));

        assertEquals(Duration.ofSeconds(17), failure.retryAfter().orElseThrow());
        assertEquals(Optional.of(true), failure.retryable());
    }

    @ParameterizedTest
    @CsvSource({
        "502, UPSTREAM_ERROR",
        "503, UPSTREAM_ERROR",
        "529, OVERLOADED",
        "301, UPSTREAM_ERROR"
    })
    void aPageOfAProxyIsNotShown(int status, FailureCode code) throws Exception {
        Failure failure =
                failure(
                        new Answer(
                                status,
                                Map.of("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT"),
                                "<html>nginx " + KEY + "</html>",
                                Delivery.AT_ONCE));

        assertEquals(code, failure.code());
        assertTrue(failure.text().startsWith("anthropic"), failure.text());
        assertEquals(Optional.empty(), failure.retryAfter());
        assertHidesTheKey(failure);
    }

    @ParameterizedTest
    @CsvSource({
        "overloaded_error, OVERLOADED",
        "rate_limit_error, RATE_LIMITED",
        "api_error, UPSTREAM_ERROR",
        "timeout_error, UPSTREAM_TIMEOUT",
        "authentication_error, UPSTREAM_ERROR",
        "invalid_request_error, INVALID_REQUEST",
        "something_new, UPSTREAM_ERROR"
    })
    void anErrorInTheStreamIsTheSame(String type, FailureCode code) throws Exception {
        String stream =
                """
                data: {"type":"message_start","message":{"usage":{"input_tokens":1}}}

                event: error
                data: {"type":"error","error":{"type":"%s","message":"Oh"}}

                """
                        .formatted(type);

        assertEquals(code, failure(Answer.stream(stream)).code());
    }

    @Test
    void aStreamWithoutItsEndIsAnError() throws Exception {
        String stream =
                "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":1}}}\n\n";

        assertEquals(FailureCode.UPSTREAM_ERROR, failure(Answer.stream(stream)).code());
        assertEquals(FailureCode.UPSTREAM_ERROR, failure(Answer.stream("")).code());
        assertEquals(
                FailureCode.UPSTREAM_ERROR,
                failure(Answer.stream(stream).delivered(Delivery.cutAfter(20))).code());
    }

    @Test
    void silenceInTheMiddleIsATimeOutAndEndsTheCall() throws Exception {
        String stream =
                "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":1}}}\n\n";
        AnthropicSettings patient = AnthropicSettings.of(new Secret(KEY));
        try (RecordedUpstream upstream =
                new RecordedUpstream(
                        List.of(
                                Answer.stream(stream + stream)
                                        .delivered(Delivery.stallingAfter(stream.length()))))) {
            AnthropicSettings settings =
                    new AnthropicSettings(
                            patient.apiKey(),
                            upstream.uri(),
                            patient.version(),
                            true,
                            patient.headersMax(),
                            Duration.ofMillis(200),
                            patient.totalMax());
            AnthropicProvider provider = new AnthropicProvider(settings, CLIENT);

            Failure failure =
                    assertThrows(Failure.class, () -> Heard.of(provider, Requests.hello()));

            assertEquals(FailureCode.UPSTREAM_TIMEOUT, failure.code());
            assertEquals("anthropic was silent for 0.2 s", failure.text());
            upstream.awaitNoConnections(Duration.ofSeconds(5));
        }
    }

    @Test
    void anUpstreamThatIsNotThereIsUnavailable() {
        AnthropicProvider provider = provider(URI.create("http://127.0.0.1:1"));

        Failure failure = assertThrows(Failure.class, () -> Heard.of(provider, Requests.hello()));

        assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, failure.code());
        assertHidesTheKey(failure);
    }

    @Test
    void theKeyIsSentAndNowhereElse() throws Exception {
        try (RecordedUpstream upstream = new RecordedUpstream(List.of(Answer.stream("")))) {
            AnthropicProvider provider = provider(upstream.uri());
            PreparedCall call = provider.prepare(Requests.hello());
            assertThrows(Failure.class, () -> Heard.of(provider, Requests.hello()));

            assertEquals(KEY, upstream.awaitRequest().header("x-api-key"));
            assertEquals("2023-06-01", upstream.served().getFirst().header("anthropic-version"));
            assertEquals("/v1/messages", upstream.served().getFirst().path());
            assertEquals(call.bodyJson(), upstream.served().getFirst().body());
            assertFalse(call.bodyJson().contains(KEY));
            assertFalse(AnthropicSettings.of(new Secret(KEY)).toString().contains(KEY));
        }
    }

    private static Failure failure(Answer answer) throws Exception {
        try (RecordedUpstream upstream = new RecordedUpstream(List.of(answer))) {
            AnthropicProvider provider = provider(upstream.uri());
            return assertThrows(Failure.class, () -> Heard.of(provider, Requests.hello()));
        }
    }

    private static AnthropicProvider provider(URI at) {
        return new AnthropicProvider(AnthropicSettings.of(new Secret(KEY)).at(at), CLIENT);
    }

    private static void assertHidesTheKey(Failure failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertFalse(trace.toString().contains(KEY));
    }
}
