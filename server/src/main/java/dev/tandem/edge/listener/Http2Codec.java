package dev.tandem.edge.listener;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelInitializer;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.local.LocalIoHandler;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameCodec;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Settings;
import io.grpc.netty.shaded.io.netty.handler.flush.FlushConsolidationHandler;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.concurrent.TimeUnit;

/// Puts Netty's HTTP/2 codec in front of a connection, with the listener's limits.
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes its channel
final class Http2Codec implements AutoCloseable {

    private static final int FLUSHES_JOINED_MAX = 256;

    private final ListenerSettings settings;
    private final ServerConnectionSelector http1;
    private final GrpcCalls calls;
    private final ServerEnd parent = new ServerEnd();

    /// One loop per core, on virtual threads: platform threads would compete with their carriers.
    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(
                    Runtime.getRuntime().availableProcessors(),
                    Thread.ofVirtual().name("http2-loop-", 0).factory(),
                    LocalIoHandler.newFactory());

    Http2Codec(ListenerSettings settings, ServerConnectionSelector http1, GrpcCalls calls) {
        this.settings = settings;
        this.http1 = http1;
        this.calls = calls;
    }

    /// Opens the channel of a connection and waits until it can be fed.
    ///
    /// @param firstRequest cleared as soon as the client asks for anything
    SocketChannel open(ConnectionContext context, Limit limit, Deadline firstRequest)
            throws InterruptedException {
        SocketChannel channel = new SocketChannel(parent, context);
        Http2FrameCodec codec = codec();
        channel.pipeline()
                .addLast(
                        new FlushConsolidationHandler(FLUSHES_JOINED_MAX, true),
                        guard(codec, firstRequest),
                        codec,
                        new Http2MultiplexHandler(
                                streams(
                                        new RestStreams(context, http1, limit, settings),
                                        firstRequest)),
                        new ConnectionWatch(codec, settings, channel::closeSocket));
        channel.start();
        loops.register(channel).sync();
        return channel;
    }

    private FrameGuard guard(Http2FrameCodec codec, Deadline heads) {
        ListenerSettings.Limits limits = settings.limits();
        return new FrameGuard(
                codec,
                new FrameBudget(limits.idleFramesMax(), limits.resetWindow()),
                new HeadTimer(heads, settings.timeouts().head()));
    }

    private ChannelInitializer<Channel> streams(RestStreams rest, Deadline firstRequest) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.pipeline().addLast(new StreamDispatch(calls, rest, firstRequest));
            }
        };
    }

    private Http2FrameCodec codec() {
        ListenerSettings.Limits limits = settings.limits();
        int resetSeconds = (int) limits.resetWindow().toSeconds();
        return Http2FrameCodecBuilder.forServer()
                .initialSettings(
                        Http2Settings.defaultSettings()
                                .maxConcurrentStreams(limits.streamsMax())
                                .initialWindowSize(limits.streamWindowBytes())
                                .maxHeaderListSize(limits.headBytesMax()))
                .decoderEnforceMaxRstFramesPerWindow(limits.resetsMax(), resetSeconds)
                .encoderEnforceMaxRstFramesPerWindow(limits.resetsMax(), resetSeconds)
                .gracefulShutdownTimeoutMillis(-1)
                .build();
    }

    /// Lets a connection's streams end, and then closes it.
    void drain(SocketChannel channel) {
        channel.eventLoop()
                .execute(() -> channel.pipeline().fireUserEventTriggered(ConnectionWatch.DRAIN));
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
