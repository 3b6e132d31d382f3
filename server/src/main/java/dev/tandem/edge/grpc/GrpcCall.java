package dev.tandem.edge.grpc;

import com.google.protobuf.Message;
import dev.tandem.failure.Failure;
import dev.tandem.id.Ids;
import dev.tandem.rpc.Call;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.rpc.Sink;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One gRPC call. The wire's callbacks return at once; a virtual thread of the call's own does the
/// work, waits while the reader is slow, and is interrupted when the client leaves or its deadline
/// passes.
final class GrpcCall<Q extends Message, A extends Message> extends ServerCall.Listener<Q>
        implements Sink<A> {
    private final ServerCall<Q, A> wire;
    private final RpcMethod<Q, A> method;
    private final Pipeline pipeline;
    private final Call call;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ready = lock.newCondition();
    private @Nullable Q request;
    private @Nullable Thread worker;
    private boolean headersSent;

    GrpcCall(
            ServerCall<Q, A> wire,
            Metadata headers,
            RpcMethod<Q, A> method,
            Pipeline pipeline,
            Ids ids) {
        this.wire = wire;
        this.method = method;
        this.pipeline = pipeline;
        this.call = Headers.call(wire, headers, ids);
    }

    GrpcCall<Q, A> accept() {
        // Two, so that a client that sends more than one is noticed.
        wire.request(2);
        return this;
    }

    @Override
    public void onMessage(Q message) {
        if (request != null) {
            wire.close(
                    Status.INVALID_ARGUMENT.withDescription(
                            method.label() + " takes one request, more were sent"),
                    new Metadata());
        }
        request = message;
    }

    @Override
    public void onHalfClose() {
        Q asked = request;
        if (asked == null) {
            wire.close(
                    Status.INVALID_ARGUMENT.withDescription(
                            method.label() + " takes one request, none was sent"),
                    new Metadata());
            return;
        }
        worker = Thread.ofVirtual().name(call.requestId()).start(() -> work(asked));
    }

    @Override
    public void onCancel() {
        Thread working = worker;
        if (working != null) {
            working.interrupt();
        }
    }

    @Override
    public void onReady() {
        lock.lock();
        try {
            ready.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void work(Q asked) {
        Metadata trailers = new Metadata();
        Status status;
        try {
            answer(asked);
            status = Status.OK;
            trailers.put(Headers.REQUEST_ID, call.requestId());
        } catch (Failure failure) {
            status = Statuses.of(failure, call.requestId(), trailers);
        }
        wire.close(status, trailers);
    }

    private void answer(Q asked) {
        switch (method) {
            case RpcMethod.Unary<Q, A> unary -> {
                A answer = pipeline.unary(call, unary, asked);
                sendHeaders();
                wire.sendMessage(answer);
            }
            case RpcMethod.Streaming<Q, A> streaming ->
                    pipeline.stream(call, streaming, asked, this);
        }
    }

    @Override
    public void send(A answer) throws InterruptedException {
        sendHeaders();
        if (!wire.isReady()) {
            awaitReady();
        }
        if (wire.isCancelled() || Thread.interrupted()) {
            throw new InterruptedException("the client has left");
        }
        wire.sendMessage(answer);
    }

    @Override
    public void flush() {
        // The transport flushes by itself as soon as nothing more is ready.
    }

    private void sendHeaders() {
        if (!headersSent) {
            headersSent = true;
            wire.sendHeaders(Headers.answer(call));
        }
    }

    private void awaitReady() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!wire.isReady() && !wire.isCancelled()) {
                ready.await();
            }
        } finally {
            lock.unlock();
        }
    }
}
