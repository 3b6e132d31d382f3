package dev.tandem.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.provider.http.Exchange;
import dev.tandem.secret.Secret;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// What an error of Anthropic's means to whoever asked. What the caller can mend keeps its words;
/// what only this server's operator can does not, for it speaks of the operator's key and account.
///
/// Statuses and types: Anthropic's error reference; 529 is its word for being overloaded.
final class AnthropicErrors {
    private static final System.Logger LOG = System.getLogger(AnthropicErrors.class.getName());
    private static final int BODY_BYTES_MAX = 64 * 1024;
    private static final Duration WAIT_MAX = Duration.ofDays(1);

    private final Secret apiKey;

    AnthropicErrors(Secret apiKey) {
        this.apiKey = apiKey;
    }

    /// An answer that is an error instead of a stream.
    Failure ofAnswer(Exchange exchange) throws InterruptedException {
        int status = exchange.status();
        Optional<Duration> wait = exchange.header("retry-after").flatMap(AnthropicErrors::seconds);
        Optional<String> retry = exchange.header("x-should-retry");
        JsonNode error = error(exchange.readAll(BODY_BYTES_MAX));
        String type = error.path("type").asText("");
        log(status, type, exchange.header("request-id").orElse("none"));

        Failure failure = of(status, error.path("message").asText(""));
        if (wait.isPresent()) {
            failure = failure.retryAfter(wait.get());
        }
        return retry.isPresent() && failure.retryable().isEmpty()
                ? failure.retryable(retry.get().equals("true"))
                : failure;
    }

    /// An error in the middle of a stream, which has a type but no status.
    Failure ofStream(String type, String message) {
        int status =
                switch (type) {
                    case "invalid_request_error" -> 400;
                    case "authentication_error" -> 401;
                    case "billing_error" -> 402;
                    case "permission_error" -> 403;
                    case "not_found_error" -> 404;
                    case "request_too_large" -> 413;
                    case "rate_limit_error" -> 429;
                    case "timeout_error" -> 504;
                    case "overloaded_error" -> 529;
                    default -> 500;
                };
        log(status, type, "in a stream");
        return of(status, message);
    }

    private Failure of(int status, String message) {
        String said = apiKey.scrub(message);
        return switch (status) {
            case 400 ->
                    new Failure(FailureCode.INVALID_REQUEST, or(said, "it refused the request"));
            case 401, 403 ->
                    new Failure(
                                    FailureCode.UPSTREAM_ERROR,
                                    "anthropic refused this server's key; its operator must mend it")
                            .retryable(false);
            case 402 ->
                    new Failure(
                                    FailureCode.UPSTREAM_ERROR,
                                    "anthropic refused payment; this server's operator must mend it")
                            .retryable(false);
            case 404 -> Failure.notFound("model", or(said, "it knows no such model"));
            case 413 ->
                    new Failure(
                            FailureCode.REQUEST_TOO_LARGE, or(said, "the request is too large"));
            case 429 ->
                    new Failure(FailureCode.RATE_LIMITED, or(said, "the rate limit is reached"));
            case 408, 504 ->
                    new Failure(FailureCode.UPSTREAM_TIMEOUT, or(said, "it took too long"));
            case 529 -> new Failure(FailureCode.OVERLOADED, or(said, "it is overloaded"));
            default ->
                    new Failure(
                            FailureCode.UPSTREAM_ERROR,
                            or(said, "it answered with status " + status));
        };
    }

    private static String or(String message, String otherwise) {
        return message.isBlank() ? "anthropic: " + otherwise : message;
    }

    private static void log(int status, String type, String requestId) {
        boolean ours = status == 401 || status == 402 || status == 403;
        LOG.log(
                ours ? System.Logger.Level.WARNING : System.Logger.Level.INFO,
                "anthropic answered {0} {1}, request-id {2}",
                Integer.toString(status),
                type,
                requestId);
    }

    /// The `error` of a body; empty where a proxy on the way answered with something else.
    private static JsonNode error(byte[] body) {
        try {
            return Json.MAPPER.readTree(body).path("error");
        } catch (IOException noJson) {
            return Json.MAPPER.createObjectNode();
        }
    }

    /// Seconds are what Anthropic sends; a proxy's date is not worth a second clock.
    private static Optional<Duration> seconds(String header) {
        try {
            long millis = (long) (Double.parseDouble(header) * 1000);
            return Optional.of(Duration.ofMillis(millis))
                    .filter(wait -> !wait.isNegative() && wait.compareTo(WAIT_MAX) <= 0);
        } catch (NumberFormatException date) {
            return Optional.empty();
        }
    }
}
