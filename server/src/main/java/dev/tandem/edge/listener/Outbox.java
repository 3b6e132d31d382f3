package dev.tandem.edge.listener;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2DataFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Error;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ResetFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2StreamFrame;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Frames on their way from a handler's thread to a stream. All that gathered until the event loop
/// comes round is written in one go and flushed once. The outbox counts what the client has not
/// taken yet; holding back when there is no room is the sender's part. An answer that the client
/// leaves lying is given up by the connection's [OpenAnswers]. A reset would overtake the bytes
/// before it, which wait for the client's window, so it waits for them.
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes its channel
final class Outbox {

    private static final int PENDING_BYTES_MAX = 64 << 10;

    /// How far one answer may be ahead once the connection's answers together are too far.
    private static final int PENDING_BYTES_MIN = 4 << 10;

    /// What a frame occupies beside its bytes, while it waits.
    private static final int FRAME_COST_BYTES = 128;

    /// What HTTP/2 allows in one frame unless the client says more.
    private static final int FRAME_BYTES_MAX = 16 << 10;

    private final Channel stream;
    private final OpenAnswers all;
    private final Runnable room;
    private final Queue<Http2StreamFrame> frames = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicInteger pendingBytes = new AtomicInteger();
    private volatile boolean full;
    private volatile long takenAt;
    private boolean givenUp;
    private @Nullable Http2ResetFrame last;

    /// @param room called on the event loop, as often as it finds that there is room
    Outbox(Channel stream, Runnable room) {
        this.stream = stream;
        this.room = room;
        this.all = OpenAnswers.of(stream.parent());
        all.add(this, stream);
    }

    void add(Http2StreamFrame frame) {
        int bytes = bytesOf(frame);
        if (bytes > 0 && count(bytes) == bytes) {
            takenAt = System.nanoTime();
        }
        frames.add(frame);
        if (!scheduled.getAndSet(true)) {
            onLoop(this::writeAll);
        }
    }

    private int count(int bytes) {
        all.count(bytes);
        return pendingBytes.addAndGet(bytes);
    }

    boolean hasRoom() {
        if (isWithin(pendingBytes.get())) {
            return true;
        }
        full = true;
        return isWithin(pendingBytes.get());
    }

    private boolean isWithin(int pending) {
        return pending < (all.areTooFarAhead() ? PENDING_BYTES_MIN : PENDING_BYTES_MAX);
    }

    /// How long the client has taken nothing although something waits for it.
    Duration stalledFor(long now) {
        return pendingBytes.get() == 0 ? Duration.ZERO : Duration.ofNanos(now - takenAt);
    }

    /// Gives the answer up.
    ///
    /// @return false if that was done before, and the client has not taken even that
    boolean cut() {
        if (givenUp) {
            return false;
        }
        givenUp = true;
        stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.ENHANCE_YOUR_CALM));
        return true;
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
            if (frame instanceof Http2DataFrame data) {
                writePieces(data);
            } else if (frame instanceof Http2ResetFrame reset && pendingBytes.get() > 0) {
                last = reset;
            } else {
                stream.write(frame);
            }
        }
        stream.flush();
        if (hasRoom()) {
            room.run();
        }
    }

    /// Writes in pieces no larger than a frame, so that a large message to a slow client counts as
    /// taken bit by bit.
    private void writePieces(Http2DataFrame data) {
        ByteBuf content = data.content();
        while (content.readableBytes() > FRAME_BYTES_MAX) {
            all.count(FRAME_COST_BYTES);
            pendingBytes.getAndAdd(FRAME_COST_BYTES);
            write(new DefaultHttp2DataFrame(content.readRetainedSlice(FRAME_BYTES_MAX), false));
        }
        write(data);
    }

    private void write(Http2DataFrame data) {
        int bytes = bytesOf(data);
        ChannelFuture written = stream.write(data);
        written.addListener(done -> sent(bytes));
    }

    private void sent(int bytes) {
        int left = count(-bytes);
        takenAt = System.nanoTime();
        if (left == 0 && last != null) {
            stream.writeAndFlush(last);
            last = null;
        }
        if (full && isWithin(left)) {
            full = false;
            room.run();
        }
    }

    private static int bytesOf(Http2StreamFrame frame) {
        return frame instanceof Http2DataFrame data
                ? data.content().readableBytes() + FRAME_COST_BYTES
                : 0;
    }
}
