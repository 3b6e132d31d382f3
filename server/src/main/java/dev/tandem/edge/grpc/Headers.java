package dev.tandem.edge.grpc;

import dev.tandem.id.Ids;
import dev.tandem.rpc.Call;
import dev.tandem.rpc.RequestIds;
import dev.tandem.rpc.Wire;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Metadata of gRPC calls, from wire to call and back.
final class Headers {
    static final Metadata.Key<String> REQUEST_ID = key("x-request-id");
    private static final Metadata.Key<String> AUTHORIZATION = key("authorization");
    private static final Metadata.Key<String> API_KEY = key("x-api-key");
    private static final Metadata.Key<String> ORIGIN = key("origin");
    private static final String BEARER = "bearer ";

    private Headers() {}

    static Call call(ServerCall<?, ?> wire, Metadata headers, Ids ids) {
        SocketAddress peer = wire.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        Call.Origin origin =
                new Call.Origin(
                        credential(headers),
                        Optional.ofNullable(wire.getAuthority()),
                        Optional.ofNullable(headers.get(ORIGIN)),
                        peer instanceof InetSocketAddress inet
                                ? inet.getAddress().getHostAddress()
                                : "");
        String requestId =
                RequestIds.sent(Optional.ofNullable(headers.get(REQUEST_ID)))
                        .orElseGet(ids::request);
        return new Call(requestId, Wire.GRPC, origin);
    }

    private static Optional<String> credential(Metadata headers) {
        String authorization = headers.get(AUTHORIZATION);
        if (authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            return Optional.of(authorization.substring(BEARER.length()).strip());
        }
        return Optional.ofNullable(headers.get(API_KEY));
    }

    /// The initial metadata of an answer.
    static Metadata answer(Call call) {
        Metadata metadata = new Metadata();
        metadata.put(REQUEST_ID, call.requestId());
        for (Map.Entry<String, String> header : call.answerHeaders().entrySet()) {
            metadata.put(key(header.getKey()), header.getValue());
        }
        return metadata;
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}
