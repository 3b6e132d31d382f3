package dev.tandem.edge.rest;

import dev.tandem.id.Ids;
import dev.tandem.rpc.Call;
import dev.tandem.rpc.RequestIds;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.util.Optional;

/// What the headers of a request say about its call: under which id, with which key, from where.
public final class CallHeaders {
    public static final HeaderName REQUEST_ID = HeaderNames.create("x-request-id");

    private static final HeaderName API_KEY = HeaderNames.create("x-api-key");
    private static final String BEARER = "bearer ";

    private CallHeaders() {}

    /// The id that the client sent, if it is one, or a new one.
    public static String requestId(Headers headers, Ids ids) {
        return RequestIds.sent(headers.first(REQUEST_ID)).orElseGet(ids::request);
    }

    /// Where a request comes from.
    ///
    /// @param peer the address of the client's end
    public static Call.Origin origin(Headers headers, String peer) {
        return new Call.Origin(
                credential(headers),
                headers.first(HeaderNames.HOST),
                headers.first(HeaderNames.ORIGIN),
                peer);
    }

    private static Optional<String> credential(Headers headers) {
        return headers.first(HeaderNames.AUTHORIZATION)
                .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(value -> value.substring(BEARER.length()).strip())
                .or(() -> headers.first(API_KEY));
    }
}
