package dev.tandem.edge.listener;

import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2CodecUtil;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Connection;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Error;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameCodec;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2PingFrame;
import io.grpc.netty.shaded.io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// What concerns an HTTP/2 connection as a whole: its receive window, whether the client is still
/// there, when it was idle for too long, and how it ends.
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes its channel
final class ConnectionWatch extends ChannelInboundHandlerAdapter {

    /// The event that asks a connection to let its streams end and then close.
    static final Object DRAIN = new Object();

    private static final long DRAIN_PING = 0x7461_6e64_656d_0001L;
    private static final long ALIVE_PING = 0x7461_6e64_656d_0002L;
    private static final Duration DRAIN_PING_TIMEOUT = Duration.ofSeconds(1);

    private final Http2FrameCodec codec;
    private final ListenerSettings settings;
    private final Runnable cut;
    private long heardAt;
    private long busyAt;
    private int newestSeen;
    private long askedAt;
    private boolean asked;
    private boolean draining;
    private boolean lastStreamTold;

    /// @param cut closes the socket of a client that is gone
    ConnectionWatch(Http2FrameCodec codec, ListenerSettings settings, Runnable cut) {
        this.codec = codec;
        this.settings = settings;
        this.cut = cut;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        heardAt = System.nanoTime();
        busyAt = heardAt;
        Http2Connection connection = codec.connection();
        int window =
                connection
                        .local()
                        .flowController()
                        .initialWindowSize(connection.connectionStream());
        int more = settings.limits().connectionWindowBytes() - window;
        if (more > 0) {
            context.writeAndFlush(new DefaultHttp2WindowUpdateFrame(more));
        }
        lookAgain(context);
        context.fireChannelActive();
    }

    /// A quarter of the keep-alive interval is how late any of it may be noticed.
    private void lookAgain(ChannelHandlerContext context) {
        Duration period = shorter(settings.keepAlive().interval(), settings.keepAlive().timeout());
        period = shorter(period, settings.timeouts().write());
        period = shorter(period, settings.timeouts().idle()).dividedBy(4);
        context.executor().schedule(() -> look(context), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void look(ChannelHandlerContext context) {
        if (!context.channel().isOpen()) {
            return;
        }
        long now = System.nanoTime();
        int newest = codec.connection().remote().lastStreamCreated();
        if (newest != newestSeen) {
            newestSeen = newest;
            busyAt = now;
        }
        if (codec.connection().numActiveStreams() > 0) {
            busyAt = now;
            askWhetherAlive(context, now);
            if (!OpenAnswers.of(context.channel()).cutStalled(settings.timeouts().write())) {
                cut.run();
            }
        } else if (now - busyAt > settings.timeouts().idle().toNanos()) {
            drain(context);
        }
        lookAgain(context);
    }

    private void askWhetherAlive(ChannelHandlerContext context, long now) {
        if (asked && now - askedAt > settings.keepAlive().timeout().toNanos()) {
            cut.run();
        } else if (!asked && now - heardAt > settings.keepAlive().interval().toNanos()) {
            asked = true;
            askedAt = now;
            context.writeAndFlush(new DefaultHttp2PingFrame(ALIVE_PING));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        heardAt = System.nanoTime();
        asked = false;
        context.fireChannelReadComplete();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Http2PingFrame ping && ping.ack() && ping.content() == DRAIN_PING) {
            tellLastStream(context);
        }
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == DRAIN) {
            drain(context);
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    /// First only says that the end is near, so that no request on its way is lost; once the client
    /// must have heard that, names the last stream that will be served.
    private void drain(ChannelHandlerContext context) {
        if (draining) {
            return;
        }
        draining = true;
        context.write(
                new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR)
                        .setExtraStreamIds(Integer.MAX_VALUE));
        context.writeAndFlush(new DefaultHttp2PingFrame(DRAIN_PING));
        context.executor()
                .schedule(
                        () -> tellLastStream(context),
                        DRAIN_PING_TIMEOUT.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void tellLastStream(ChannelHandlerContext context) {
        if (lastStreamTold || !context.channel().isOpen()) {
            return;
        }
        lastStreamTold = true;
        context.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
        context.close();
    }

    /// An offence against HTTP/2 is answered by Netty, with a GOAWAY that says which.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) {
            context.close();
        }
    }
}
