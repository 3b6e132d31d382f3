package dev.tandem.edge.listener;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One HTTP/2 connection: the connection's thread receives, the event loop does the rest.
final class Http2Session implements ServerConnection {

    private static final Duration LAST_BYTES = Duration.ofSeconds(5);

    private final ConnectionContext context;
    private final Http2Codec codec;
    private final Deadline deadline;
    private volatile @Nullable SocketChannel channel;

    Http2Session(ConnectionContext context, Http2Codec codec, Deadline deadline) {
        this.context = context;
        this.codec = codec;
        this.deadline = deadline;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        SocketChannel opened = codec.open(context, limit, deadline);
        channel = opened;
        receive(context, opened);
        opened.clientLeft();
        opened.awaitSent(LAST_BYTES);
    }

    private static void receive(ConnectionContext context, SocketChannel channel) {
        DataReader source = context.dataReader();
        try {
            while (channel.isOpen()) {
                source.ensureAvailable();
                channel.feed(source.readBytes(source.available()));
            }
        } catch (RuntimeException | InterruptedException e) {
            // the client closed its side, or we closed ours
        }
    }

    @Override
    public Duration idleTime() {
        return Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
        SocketChannel opened = channel;
        if (opened != null) {
            codec.drain(opened);
        }
    }
}
