package dev.tandem.edge.listener;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2DataFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2StreamFrame;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Frames on their way from a handler's thread to a stream. All that gathered until the event loop
/// comes round is written in one go and flushed once. The outbox counts what the client has not
/// taken yet; holding back when there is no room is the sender's part.
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes its channel
final class Outbox {

    private static final int PENDING_BYTES_MAX = 64 << 10;

    private final Channel stream;
    private final Runnable room;
    private final Queue<Http2StreamFrame> frames = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicInteger pendingBytes = new AtomicInteger();

    /// @param room called on the event loop, as often as it finds that there is room
    Outbox(Channel stream, Runnable room) {
        this.stream = stream;
        this.room = room;
    }

    void add(Http2StreamFrame frame) {
        pendingBytes.addAndGet(bytesOf(frame));
        frames.add(frame);
        if (!scheduled.getAndSet(true)) {
            onLoop(this::writeAll);
        }
    }

    boolean hasRoom() {
        return pendingBytes.get() < PENDING_BYTES_MAX;
    }

    private void onLoop(Runnable task) {
        try {
            stream.eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            // the listener is closed, and so is the stream
        }
    }

    private void writeAll() {
        scheduled.set(false);
        for (Http2StreamFrame frame = frames.poll(); frame != null; frame = frames.poll()) {
            write(frame);
        }
        stream.flush();
        if (hasRoom()) {
            room.run();
        }
    }

    private void write(Http2StreamFrame frame) {
        int bytes = bytesOf(frame);
        ChannelFuture written = stream.write(frame);
        if (bytes > 0) {
            written.addListener(done -> sent(bytes));
        }
    }

    private void sent(int bytes) {
        int left = pendingBytes.addAndGet(-bytes);
        if (left < PENDING_BYTES_MAX && left + bytes >= PENDING_BYTES_MAX) {
            room.run();
        }
    }

    private static int bytesOf(Http2StreamFrame frame) {
        return frame instanceof Http2DataFrame data ? data.content().readableBytes() : 0;
    }
}
