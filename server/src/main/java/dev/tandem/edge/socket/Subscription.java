package dev.tandem.edge.socket;

import com.google.protobuf.Message;
import dev.tandem.edge.json.JsonOut;
import dev.tandem.failure.Failure;
import dev.tandem.rpc.Call;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.RpcMethod;
import java.util.Optional;

/// One call that a message began, on a thread of its own. Its id is the client's choice.
final class Subscription<Q extends Message, A extends Message> {
    private final String id;
    private final Call call;
    private final RpcMethod<Q, A> method;
    private final Q request;
    private final FrameWriter writer;
    private final Leaving leaving = new Leaving();

    Subscription(String id, Call call, RpcMethod<Q, A> method, Q request, FrameWriter writer) {
        this.id = id;
        this.call = call;
        this.method = method;
        this.request = request;
        this.writer = writer;
    }

    String id() {
        return id;
    }

    /// Ends it as a reader that leaves does: a run that is kept goes on.
    void leave() {
        leaving.leave();
    }

    /// Whether it brings events until it ends, and not one answer.
    boolean isStream() {
        return method instanceof RpcMethod.Streaming<?, ?>;
    }

    /// Serves the call to its end.
    ///
    /// @return the last that there is to say about it
    Frames run(Pipeline pipeline) {
        SubscriptionSink<A> sink = new SubscriptionSink<>(id, leaving, writer);
        leaving.begin();
        try {
            return sink.last(served(pipeline, sink));
        } catch (Failure failure) {
            return sink.last(
                    leaving.isLeft()
                            ? ServerMessage.end(id)
                            : ServerMessage.error(Optional.of(id), failure, call.requestId()));
        } finally {
            leaving.end();
        }
    }

    private JsonOut served(Pipeline pipeline, SubscriptionSink<A> sink) {
        return switch (method) {
            case RpcMethod.Streaming<Q, A> streaming -> {
                pipeline.stream(call, streaming, request, sink);
                yield ServerMessage.end(id);
            }
            case RpcMethod.Unary<Q, A> unary ->
                    ServerMessage.result(id, pipeline.unary(call, unary, request));
        };
    }
}
