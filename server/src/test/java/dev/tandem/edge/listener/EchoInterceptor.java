package dev.tandem.edge.listener;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/// Sends back the metadata it knows: in the head as it came, and in the trailers.
final class EchoInterceptor implements ServerInterceptor {

    static final Context.Key<String> ID = Context.key("request-id");
    static final Metadata.Key<String> REQUEST_ID =
            Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);
    static final Metadata.Key<byte[]> BLOB =
            Metadata.Key.of("x-blob-bin", Metadata.BINARY_BYTE_MARSHALLER);
    static final Metadata.Key<String> TRAILER =
            Metadata.Key.of("x-trailer", Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
            ServerCall<ReqT, RespT> call, Metadata head, ServerCallHandler<ReqT, RespT> next) {
        String id = head.get(REQUEST_ID);
        if (id == null) {
            return next.startCall(call, head);
        }
        ServerCall<ReqT, RespT> echoing =
                new SimpleForwardingServerCall<>(call) {
                    @Override
                    public void sendHeaders(Metadata answer) {
                        answer.put(REQUEST_ID, id);
                        copyBlobs(head.getAll(BLOB), answer);
                        super.sendHeaders(answer);
                    }

                    @Override
                    public void close(Status status, Metadata trailers) {
                        trailers.put(TRAILER, "trailing " + id);
                        super.close(status, trailers);
                    }
                };
        return Contexts.interceptCall(Context.current().withValue(ID, id), echoing, head, next);
    }

    private static void copyBlobs(@Nullable Iterable<byte[]> blobs, Metadata target) {
        if (blobs != null) {
            blobs.forEach(blob -> target.put(BLOB, blob));
        }
    }
}
