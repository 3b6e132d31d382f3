package dev.tandem.rpc;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Message;

/// A method of the contract, bound to the code that serves it. Every wire finds in it what it
// needs.
public sealed interface RpcMethod<Q extends Message, A extends Message> {
    /// The method as the contract describes it.
    MethodDescriptor descriptor();

    /// An empty request, to read requests by.
    Q emptyRequest();

    /// An empty answer, to read answers by.
    A emptyAnswer();

    /// Whether a key is needed where the server has keys.
    default Access access() {
        return Access.KEY;
    }

    /// One answer to one request.
    record Unary<Q extends Message, A extends Message>(
            MethodDescriptor descriptor, Q emptyRequest, A emptyAnswer, UnaryHandler<Q, A> handler)
            implements RpcMethod<Q, A> {}

    /// A stream of answers to one request.
    record Streaming<Q extends Message, A extends Message>(
            MethodDescriptor descriptor,
            Q emptyRequest,
            A emptyAnswer,
            StreamingHandler<Q, A> handler)
            implements RpcMethod<Q, A> {}

    /// Serves a unary method. A client that leaves interrupts the thread.
    interface UnaryHandler<Q, A> {
        A handle(Call call, Q request) throws InterruptedException;
    }

    /// Serves a streaming method. A client that leaves interrupts the thread.
    interface StreamingHandler<Q, A> {
        void handle(Call call, Q request, Sink<A> answers) throws InterruptedException;
    }

    /// Who may call.
    enum Access {
        /// Everybody.
        OPEN,
        /// Holders of a key, where the server has keys.
        KEY
    }

    /// `ChatService/GetRun`, for logs and metrics.
    default String label() {
        return descriptor().getService().getName() + "/" + descriptor().getName();
    }

    /// `tandem.v1.ChatService/GetRun`, the name on the gRPC wire.
    default String fullName() {
        return descriptor().getService().getFullName() + "/" + descriptor().getName();
    }
}
