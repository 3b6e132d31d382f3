package dev.tandem.edge.rest;

import dev.tandem.edge.json.JsonOut;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.id.Ids;
import dev.tandem.rpc.RequestIds;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The answers to requests that the web server refuses before any route sees them: a head that is
/// malformed or too long, a body in an unknown encoding. They carry the envelope of every failure.
public final class TransportRefusals implements DirectHandler {
    private static final Logger LOG = LoggerFactory.getLogger(TransportRefusals.class);
    private static final HeaderName REQUEST_ID = HeaderNames.create("x-request-id");
    private static final String COMPRESSED = "Content-Encoding";

    private final Ids ids;

    private TransportRefusals(Ids ids) {
        this.ids = ids;
    }

    /// The same answer for whatever the web server refuses.
    public static DirectHandlers handlers(Ids ids) {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (EventType type : EventType.values()) {
            handlers.addHandler(type, new TransportRefusals(ids));
        }
        return handlers.build();
    }

    /// The envelope, with the status the web server chose unless we know a better one.
    ///
    /// @param reason what the web server says of it, if it may be told
    @Override
    public TransportResponse handle(
            TransportRequest request,
            EventType type,
            Status defaultStatus,
            ServerResponseHeaders headers,
            @Nullable String reason) {
        Status status = isCompressed(reason) ? Status.UNSUPPORTED_MEDIA_TYPE_415 : defaultStatus;
        String id = RequestIds.sent(request.headers().first(REQUEST_ID)).orElseGet(ids::request);
        JsonOut out = new JsonOut();
        Failure failure = new Failure(code(status.code()), text(status, reason));
        ErrorJson.write(failure, status.code(), id, out);
        if (status.code() == 500) {
            LOG.info("request {} failed in the web server: {}", id, reason);
        }
        headers.set(REQUEST_ID, id);
        headers.set(HeaderValues.CONTENT_TYPE_JSON);
        TransportResponse.Builder answer =
                TransportResponse.builder()
                        .status(status)
                        .headers(headers)
                        .keepAlive(type.keepAlive());
        return request.method().equals("HEAD")
                ? answer.build()
                : answer.entity(out.toBytes()).build();
    }

    private static boolean isCompressed(@Nullable String reason) {
        return reason != null && reason.startsWith(COMPRESSED);
    }

    private static FailureCode code(int status) {
        return switch (status) {
            case 403 -> FailureCode.FORBIDDEN;
            case 404 -> FailureCode.NOT_FOUND;
            case 405 -> FailureCode.METHOD_NOT_ALLOWED;
            case 413, 414, 431 -> FailureCode.REQUEST_TOO_LARGE;
            case 415 -> FailureCode.UNSUPPORTED_MEDIA_TYPE;
            case 503 -> FailureCode.OVERLOADED;
            case 505 -> FailureCode.INVALID_REQUEST;
            default -> status < 500 ? FailureCode.INVALID_REQUEST : FailureCode.INTERNAL;
        };
    }

    /// What stands in an exception of ours is not for clients.
    private static String text(Status status, @Nullable String reason) {
        if (isCompressed(reason)) {
            return "The body must not be compressed.";
        }
        if (status.code() == 500) {
            return "Something went wrong in the server; its log has the request id.";
        }
        if (reason == null || reason.isBlank()) {
            return "The request was refused: " + status.reasonPhrase() + ".";
        }
        return reason.endsWith(".") ? reason : reason + ".";
    }
}
