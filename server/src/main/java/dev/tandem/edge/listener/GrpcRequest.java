package dev.tandem.edge.listener;

import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The head of a gRPC request.
///
/// @param method service and method, as in `package.Service/Method`
/// @param authority the host the client meant
/// @param encoding how messages are compressed that say they are
/// @param takesGzip whether the client can read compressed messages
/// @param deadline when the client will have stopped waiting, if it said so
/// @param metadata everything else
record GrpcRequest(
        String method,
        String authority,
        String encoding,
        boolean takesGzip,
        @Nullable Deadline deadline,
        Metadata metadata) {

    /// What HTTP, gRPC's framing or the in-process transport need and no service reads.
    private static final Set<String> NOT_METADATA =
            Set.of(
                    "content-type",
                    "content-length",
                    "te",
                    "host",
                    "grpc-encoding",
                    "grpc-accept-encoding",
                    "listener-user-agent",
                    "listener-client-address");

    /// @param client the client's end of the connection
    /// @throws IllegalArgumentException if a header is not what gRPC says it must be
    static GrpcRequest of(Http2Headers head, SocketAddress client) {
        Metadata metadata = new Metadata();
        if (client instanceof InetSocketAddress inet) {
            metadata.put(CallerInterceptor.CLIENT_ADDRESS, CallerInterceptor.literal(inet));
        }
        for (Map.Entry<CharSequence, CharSequence> header : head) {
            String name = header.getKey().toString();
            if (name.charAt(0) != ':' && !NOT_METADATA.contains(name)) {
                put(metadata, name, header.getValue().toString());
            }
        }
        String timeout = text(head.get("grpc-timeout"), "");
        return new GrpcRequest(
                text(head.path(), "/").substring(1),
                text(head.authority(), "localhost"),
                text(head.get("grpc-encoding"), "identity"),
                text(head.get("grpc-accept-encoding"), "").contains("gzip"),
                timeout.isEmpty() ? null : GrpcTimeout.deadline(timeout),
                metadata);
    }

    private static void put(Metadata metadata, String name, String value) {
        if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
            Metadata.Key<byte[]> key = Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER);
            for (String part : value.split(",", -1)) {
                metadata.put(key, Base64.getDecoder().decode(part.strip()));
            }
        } else if (name.equals("user-agent")) {
            metadata.put(CallerInterceptor.CLIENT_USER_AGENT, value);
        } else {
            metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        }
    }

    private static String text(@Nullable CharSequence value, String absent) {
        return value == null ? absent : value.toString();
    }

    /// Whether messages may be compressed in the way the request says.
    boolean hasKnownEncoding() {
        String name = encoding.toLowerCase(Locale.ROOT);
        return name.equals("identity") || name.equals("gzip");
    }
}
