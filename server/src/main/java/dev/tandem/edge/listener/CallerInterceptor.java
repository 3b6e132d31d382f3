package dev.tandem.edge.listener;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/// Gives a call's metadata back the client's `user-agent`, which the in-process transport replaces
/// by its own.
final class CallerInterceptor implements ServerInterceptor {

    static final Metadata.Key<String> USER_AGENT =
            Metadata.Key.of("user-agent", Metadata.ASCII_STRING_MARSHALLER);

    /// Carries the client's `user-agent` past the in-process transport.
    static final Metadata.Key<String> CLIENT_USER_AGENT =
            Metadata.Key.of("listener-user-agent", Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
            ServerCall<ReqT, RespT> call, Metadata head, ServerCallHandler<ReqT, RespT> next) {
        String userAgent = head.get(CLIENT_USER_AGENT);
        head.discardAll(CLIENT_USER_AGENT);
        head.discardAll(USER_AGENT);
        if (userAgent != null) {
            head.put(USER_AGENT, userAgent);
        }
        return next.startCall(call, head);
    }
}
