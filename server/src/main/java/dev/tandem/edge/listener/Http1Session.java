package dev.tandem.edge.listener;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One HTTP/1.1 connection. Helidon parses and answers; we receive, with a read always pending on
/// the socket, so that a client that leaves is noticed while its handler is still at work.
final class Http1Session implements ServerConnection, WatchedRouting.Watch {

    /// What a client may send ahead of the handler that reads it.
    private static final int AHEAD_BYTES_MAX = 64 << 10;

    private final ConnectionContext context;
    private final ListenerSettings.Timeouts timeouts;
    private final Deadline deadline;
    private final HandlerWatch watch = new HandlerWatch();
    private final ByteQueue received = new ByteQueue(AHEAD_BYTES_MAX);
    private final RequestBytes requestBytes;
    private final DataReader reader;
    private final ResponseWriter responses;
    private final ServerConnection http1;
    private boolean headBegun;
    private boolean handling;

    Http1Session(
            ConnectionContext context,
            ServerConnectionSelector http1,
            ListenerSettings settings,
            Deadline deadline) {
        this.context = context;
        this.timeouts = settings.timeouts();
        this.deadline = deadline;
        this.requestBytes = new RequestBytes(received, settings);
        this.reader = DataReader.create(this::next);
        this.responses = new ResponseWriter(context.dataWriter(), deadline, timeouts.write());
        this.http1 =
                http1.connection(
                        new InnerContext(
                                context,
                                reader,
                                responses,
                                new WatchedRouter(context.router(), this),
                                context.isSecure()));
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        Thread receiver = Thread.ofVirtual().name("http1-receiver").start(this::receive);
        try {
            http1.handle(limit);
        } finally {
            responses.close();
            received.end();
            receiver.interrupt();
        }
    }

    private void receive() {
        DataReader source = context.dataReader();
        try {
            while (true) {
                source.ensureAvailable();
                received.put(source.readBytes(source.available()));
            }
        } catch (RuntimeException | InterruptedException e) {
            // the client closed its side, or the session ended
        } finally {
            received.end();
            watch.clientLeft();
        }
    }

    private byte @Nullable [] next() {
        return handling ? requestBytes.ofBody() : nextOfHead();
    }

    /// After an upgrade this goes on for ever, with the head begun long ago and its deadline
    /// cleared by the answer: how long to wait then is the new protocol's affair. Writes stay
    /// bounded.
    private byte @Nullable [] nextOfHead() {
        if (headBegun || reader.available() > 0) {
            beginHead();
            return requestBytes.ofHead();
        }
        deadline.in(timeouts.idle());
        byte[] first = requestBytes.ofHead();
        beginHead();
        return first;
    }

    private void beginHead() {
        if (!headBegun) {
            headBegun = true;
            deadline.in(timeouts.head());
        }
    }

    @Override
    public void begin() {
        deadline.clear();
        headBegun = false;
        handling = true;
        watch.begin();
    }

    @Override
    public void end() {
        watch.end();
        handling = false;
    }

    @Override
    public Duration idleTime() {
        return Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
        http1.close(interrupt);
    }
}
