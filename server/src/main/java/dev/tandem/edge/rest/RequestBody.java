package dev.tandem.edge.rest;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Reads the body of a request: JSON in UTF-8, and not too much of it.
final class RequestBody {
    private static final byte[] NONE = new byte[0];

    /// UTF-8, how some misspell it, and its beginning.
    private static final Set<String> CHARSETS = Set.of("utf-8", "utf8", "us-ascii");

    private static final int SHORT_BYTES = 64 * 1024;

    private RequestBody() {}

    static byte[] read(ServerRequest request, ServerResponse response, RestSettings settings) {
        if (!request.content().hasEntity()) {
            return NONE;
        }
        request.headers().first(HeaderNames.CONTENT_ENCODING).ifPresent(RequestBody::plain);
        request.headers().first(HeaderNames.CONTENT_TYPE).ifPresent(RequestBody::json);
        int max = settings.bodyBytesMax();
        try (InputStream in = request.content().inputStream()) {
            byte[] body = read(in, request.headers().contentLength(), max + 1);
            if (body.length > max) {
                leaveRest(in, max, response);
                throw tooLarge(max);
            }
            return body;
        } catch (IOException gone) {
            throw ClientGone.close(gone);
        } catch (NumberFormatException e) {
            response.header(HeaderValues.CONNECTION_CLOSE);
            throw new Failure(
                    FailureCode.INVALID_REQUEST,
                    "The body's chunks must begin with their size.",
                    e);
        }
    }

    /// A short body is read into an array of its length. Where a long one is announced, memory is
    /// taken as it comes.
    private static byte[] read(InputStream in, OptionalLong length, int max) throws IOException {
        if (length.isEmpty() || length.getAsLong() > Math.min(max, SHORT_BYTES)) {
            return in.readNBytes(max);
        }
        byte[] body = new byte[(int) length.getAsLong()];
        int read = in.readNBytes(body, 0, body.length);
        return read == body.length ? body : Arrays.copyOf(body, read);
    }

    /// The web server reads what nobody has read of a body, to keep the connection. Of a body that
    /// is too long, or whose length is not known, it must not.
    static void leaveUnread(ServerRequest request, ServerResponse response, RestSettings settings) {
        if (request.content().hasEntity() && !request.content().consumed()) {
            long length = request.headers().contentLength().orElse(Long.MAX_VALUE);
            if (length > settings.bodyBytesMax()) {
                response.header(HeaderValues.CONNECTION_CLOSE);
            }
        }
    }

    /// A client that is still sending may not look at an answer, so as much again is read and
    /// thrown away; who sends even more finds the connection closed.
    private static void leaveRest(InputStream in, int max, ServerResponse response)
            throws IOException {
        byte[] scrap = new byte[8192];
        long left = max;
        while (left > 0) {
            int read = in.read(scrap);
            if (read < 0) {
                return;
            }
            left -= read;
        }
        response.header(HeaderValues.CONNECTION_CLOSE);
    }

    private static Failure tooLarge(int max) {
        return new Failure(
                FailureCode.REQUEST_TOO_LARGE, "The body must be at most " + max + " bytes.");
    }

    private static void plain(String encoding) {
        if (!encoding.strip().equalsIgnoreCase("identity")) {
            throw unsupported("The body must not be compressed, was " + encoding + ".");
        }
    }

    private static void json(String contentType) {
        String[] parts = contentType.split(";");
        String type = parts[0].strip().toLowerCase(Locale.ROOT);
        boolean isJson =
                type.equals("application/json")
                        || (type.startsWith("application/") && type.endsWith("+json"));
        if (!isJson) {
            throw unsupported(
                    "The body must be sent as Content-Type: application/json, was "
                            + contentType
                            + ".");
        }
        charset(parts)
                .filter(charset -> !CHARSETS.contains(charset))
                .ifPresent(
                        charset -> {
                            throw unsupported("The body must be UTF-8, was " + charset + ".");
                        });
    }

    private static Optional<String> charset(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip().toLowerCase(Locale.ROOT);
            if (part.startsWith("charset=")) {
                return Optional.of(part.substring("charset=".length()).replace("\"", ""));
            }
        }
        return Optional.empty();
    }

    private static Failure unsupported(String message) {
        return new Failure(FailureCode.UNSUPPORTED_MEDIA_TYPE, message);
    }
}
