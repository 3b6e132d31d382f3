package dev.tandem.mcp.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.provider.http.Exchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What a server's answers in HTTP mean, where they are not the message that was hoped for.
final class Replies {
    /// Codes by which a server of 2026-07-28 says why it refuses: method not found, header
    /// mismatch, missing capability, unsupported protocol version.
    private static final Set<Integer> MODERN = Set.of(-32601, -32020, -32021, -32022);

    private static final int PIECE_BYTES = 8 * 1024;

    private Replies() {}

    /// How a server refuses a message.
    ///
    /// @param error its JSON-RPC error; empty where it has sent none
    record Refusal(int status, Optional<ObjectNode> error, Optional<String> retryAfter) {
        /// Whether the server no longer knows our session. The specification has 404 for that; many
        /// a server says 400 and means the same.
        boolean isSessionGone() {
            return status == 404 || (status == 400 && text().contains("session"));
        }

        private String text() {
            return error.map(message -> message.path("error").path("message").asText())
                    .orElse("")
                    .toLowerCase(Locale.ROOT);
        }

        /// Whether a server that knows nothing of streamable HTTP would answer so.
        boolean isOfAnOlderServer() {
            boolean modern =
                    error.isPresent()
                            && MODERN.contains(error.get().path("error").path("code").asInt());
            return !modern && (status == 400 || status == 404 || status == 405);
        }

        /// Whether it may be otherwise in a while: the server is busy, or has not noticed yet that
        /// a stream broke which it allows only once.
        boolean isPassing() {
            return status >= 500 || status == 408 || status == 409 || status == 429;
        }

        /// The error as the answer to the question, where there is one.
        Optional<String> answerTo(long id) {
            return error.map(message -> message.deepCopy().put("id", id).toString());
        }

        Failure failure() {
            boolean busy = status == 429 || status == 503;
            String remedy = status == 404 || status == 405 ? "; is its URL right?" : ".";
            Failure failure =
                    new Failure(
                            busy ? FailureCode.UPSTREAM_UNAVAILABLE : FailureCode.UPSTREAM_ERROR,
                            HttpCalls.SERVER + " answers with HTTP " + status + remedy);
            return retryAfter
                    .filter(seconds -> busy && seconds.matches("[0-9]{1,6}"))
                    .map(seconds -> failure.retryAfter(Duration.ofSeconds(Long.parseLong(seconds))))
                    .orElse(failure);
        }
    }

    static Refusal refusal(Exchange exchange, int bytesMax) throws InterruptedException {
        int status = exchange.status();
        Optional<String> retryAfter = exchange.header("Retry-After");
        return new Refusal(status, Json.refusal(text(exchange, bytesMax)), retryAfter);
    }

    /// The media type of an answer, without its parameters; empty text for none.
    static String mediaType(Exchange exchange) throws InterruptedException {
        String type = exchange.header("Content-Type").orElse("");
        return HeaderText.lower(type.split(";", 2)[0].strip());
    }

    /// The whole answer.
    ///
    /// @throws Failure UPSTREAM_ERROR where it is longer than `bytesMax`
    static String text(Exchange exchange, int bytesMax) throws InterruptedException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        byte[] piece = new byte[PIECE_BYTES];
        for (int read = exchange.read(piece, 0, piece.length);
                read >= 0;
                read = exchange.read(piece, 0, piece.length)) {
            if (whole.size() + read > bytesMax) {
                throw new Failure(
                        FailureCode.UPSTREAM_ERROR,
                        HttpCalls.SERVER + " sent more than " + bytesMax + " bytes in one answer.");
            }
            whole.write(piece, 0, read);
        }
        return whole.toString(StandardCharsets.UTF_8);
    }

    /// Whether nobody listens there any more.
    static boolean isGone(Failure failure) {
        return failure.getCause() instanceof NobodyThere;
    }

    /// Whether the connection broke, rather than that the server said something wrong.
    static boolean isBroken(Failure failure) {
        return failure.getCause() instanceof IOException
                && failure.code() != FailureCode.UPSTREAM_TIMEOUT;
    }
}
