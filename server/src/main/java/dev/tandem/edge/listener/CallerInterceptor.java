package dev.tandem.edge.listener;

import io.grpc.Attributes;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Gives a call back what the in-process transport replaces by its own: the client's `user-agent`
/// and its address.
final class CallerInterceptor implements ServerInterceptor {

    static final Metadata.Key<String> USER_AGENT =
            Metadata.Key.of("user-agent", Metadata.ASCII_STRING_MARSHALLER);

    /// Carries the client's `user-agent` past the in-process transport.
    static final Metadata.Key<String> CLIENT_USER_AGENT =
            Metadata.Key.of("listener-user-agent", Metadata.ASCII_STRING_MARSHALLER);

    /// Carries the client's address past the in-process transport: its literal, a space, its port.
    static final Metadata.Key<String> CLIENT_ADDRESS =
            Metadata.Key.of("listener-client-address", Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
            ServerCall<ReqT, RespT> call, Metadata head, ServerCallHandler<ReqT, RespT> next) {
        String userAgent = head.get(CLIENT_USER_AGENT);
        head.discardAll(CLIENT_USER_AGENT);
        head.discardAll(USER_AGENT);
        if (userAgent != null) {
            head.put(USER_AGENT, userAgent);
        }
        String address = head.get(CLIENT_ADDRESS);
        head.discardAll(CLIENT_ADDRESS);
        return next.startCall(address == null ? call : new Addressed<>(call, address), head);
    }

    static String literal(InetSocketAddress client) {
        return client.getAddress().getHostAddress() + " " + client.getPort();
    }

    private static final class Addressed<ReqT, RespT>
            extends SimpleForwardingServerCall<ReqT, RespT> {
        private final Attributes attributes;

        Addressed(ServerCall<ReqT, RespT> call, String address) {
            super(call);
            String[] parts = address.split(" ", 2);
            attributes =
                    call.getAttributes().toBuilder()
                            .set(
                                    Grpc.TRANSPORT_ATTR_REMOTE_ADDR,
                                    new InetSocketAddress(
                                            InetAddress.ofLiteral(parts[0]),
                                            Integer.parseInt(parts[1])))
                            .build();
        }

        @Override
        public Attributes getAttributes() {
            return attributes;
        }
    }
}
