package dev.tandem.edge.grpc;

import dev.tandem.failure.Failure;
import dev.tandem.id.Ids;
import dev.tandem.rpc.Call;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.RpcMethod.Access;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/// Puts services that grpc-java brings along behind the pipeline.
final class StandardServices implements ServerInterceptor {
    private final Pipeline pipeline;
    private final Ids ids;
    private final Access access;

    StandardServices(Pipeline pipeline, Ids ids, Access access) {
        this.pipeline = pipeline;
        this.ids = ids;
        this.access = access;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> wire, Metadata headers, ServerCallHandler<Q, A> next) {
        Call call = Headers.call(wire, headers, ids);
        String label = wire.getMethodDescriptor().getFullMethodName();
        String shortLabel = label.substring(label.lastIndexOf('.') + 1);
        try {
            return pipeline.serve(call, shortLabel, access, () -> next.startCall(wire, headers));
        } catch (Failure failure) {
            Metadata trailers = new Metadata();
            wire.close(Statuses.of(failure, call.requestId(), trailers), trailers);
            return new ServerCall.Listener<>() {};
        }
    }
}
