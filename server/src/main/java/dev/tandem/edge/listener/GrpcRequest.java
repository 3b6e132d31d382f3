package dev.tandem.edge.listener;

import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
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
                    "connection",
                    "keep-alive",
                    "transfer-encoding",
                    "upgrade",
                    "expect",
                    "host",
                    "grpc-encoding",
                    "grpc-accept-encoding",
                    "listener-user-agent",
                    "listener-client-address");

    /// @param client the client's end of the connection
    /// @throws IllegalArgumentException if a header is not what gRPC says it must be
    static GrpcRequest of(Http2Headers head, SocketAddress client) {
        Metadata metadata = from(client);
        for (Map.Entry<CharSequence, CharSequence> header : head) {
            put(metadata, header.getKey().toString(), header.getValue().toString());
        }
        return of(
                text(head.path(), "/"),
                text(head.authority(), "localhost"),
                name -> text(head.get(name), ""),
                metadata);
    }

    /// @param head of a gRPC-Web request
    /// @throws IllegalArgumentException if a header is not what gRPC says it must be
    static GrpcRequest of(ServerRequest head) {
        Metadata metadata = from(head.remotePeer().address());
        for (Header header : head.headers()) {
            for (String value : header.allValues()) {
                put(metadata, header.headerName().lowerCase(), value);
            }
        }
        return of(
                head.prologue().uriPath().rawPath(),
                head.headers().first(HeaderNames.HOST).orElse("localhost"),
                name -> head.headers().first(HeaderNames.create(name)).orElse(""),
                metadata);
    }

    private static GrpcRequest of(
            String path, String authority, UnaryOperator<String> header, Metadata metadata) {
        String timeout = header.apply("grpc-timeout");
        String encoding = header.apply("grpc-encoding");
        return new GrpcRequest(
                path.substring(1),
                authority,
                encoding.isEmpty() ? "identity" : encoding,
                header.apply("grpc-accept-encoding").contains("gzip"),
                timeout.isEmpty() ? null : GrpcTimeout.deadline(timeout),
                metadata);
    }

    private static Metadata from(SocketAddress client) {
        Metadata metadata = new Metadata();
        if (client instanceof InetSocketAddress inet) {
            metadata.put(CallerInterceptor.CLIENT_ADDRESS, CallerInterceptor.literal(inet));
        }
        return metadata;
    }

    private static void put(Metadata metadata, String name, String value) {
        if (name.charAt(0) == ':' || NOT_METADATA.contains(name)) {
            return;
        }
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

    /// What the client hears of how its call ended. The in-process server cancels a call whose
    /// deadline passes; the client is told why.
    Status asTold(Status status) {
        boolean late =
                status.getCode() == Status.Code.CANCELLED
                        && deadline != null
                        && deadline.isExpired();
        return late ? Status.DEADLINE_EXCEEDED : status;
    }

    /// Whether messages may be compressed in the way the request says.
    boolean hasKnownEncoding() {
        String name = encoding.toLowerCase(Locale.ROOT);
        return name.equals("identity") || name.equals("gzip");
    }
}
