package dev.tandem.edge.socket;

import dev.tandem.id.Ids;
import dev.tandem.rpc.Call;
import dev.tandem.rpc.Pipeline;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One WebSocket, from the handshake on. Its own thread reads, so that a client which leaves is
/// noticed at once; each subscription has another, and one more keeps the pulse.
final class SocketConnection implements ServerConnection {
    private static final Logger LOG = LoggerFactory.getLogger(SocketConnection.class);

    /// When the server stops, its runs have ended; so long may what they said be on its way.
    private static final Duration LAST_WORDS = Duration.ofMillis(500);

    private final DataReader socket;
    private final FrameWriter writer;
    private final Subscriptions subscriptions;
    private final Pulse pulse;
    private final FrameReader reader;
    private final ClientMessages messages;
    private volatile @Nullable Thread reading;

    /// @param origin of every call that is made here
    SocketConnection(
            ConnectionContext context,
            SocketSettings settings,
            SocketMethods methods,
            Pipeline pipeline,
            Ids ids,
            Call.Origin origin) {
        this.socket = context.dataReader();
        this.writer = new FrameWriter(context.dataWriter());
        this.subscriptions = new Subscriptions(settings.subscriptionsMax(), pipeline, writer);
        this.pulse = new Pulse(settings, writer, subscriptions);
        this.reader = new FrameReader(socket, settings.messageBytesMax(), pulse::heard);
        this.messages = new ClientMessages(methods, pipeline, subscriptions, writer, ids, origin);
    }

    @Override
    public void handle(Limit limit) {
        reading = Thread.currentThread();
        Thread watch = Thread.ofVirtual().name("socket-pulse").start(this::watch);
        try {
            read();
        } catch (InsufficientDataAvailableException | InterruptedException gone) {
            // it left without a word, or does not answer our goodbye
        } catch (RuntimeException unexpected) {
            LOG.error("a WebSocket failed unexpectedly", unexpected);
            writer.close(Closing.internal());
        } finally {
            reading = null;
            subscriptions.leaveAll();
            watch.interrupt();
        }
    }

    private void read() throws InterruptedException {
        try {
            while (true) {
                switch (reader.next()) {
                    case Incoming.Text(byte[] utf8) -> message(utf8);
                    case Incoming.Ping(byte[] payload) -> pong(payload);
                    case Incoming.Pong() -> {
                        // heard
                    }
                    case Incoming.Close(Closing closing) -> {
                        writer.close(new Closing(closing.code(), ""));
                        return;
                    }
                }
            }
        } catch (ProtocolViolation violation) {
            writer.close(violation.closing());
            subscriptions.leaveAll();
            readNoMore();
        }
    }

    /// Lets pass what was on its way, until the client has read why we close: to close a socket
    /// with bytes that nobody read would take our last words back.
    private void readNoMore() {
        while (true) {
            socket.ensureAvailable();
            socket.skip(socket.available());
        }
    }

    private void pong(byte[] payload) throws InterruptedException {
        if (!writer.isClosed()) {
            writer.send(Frames.pong(payload));
        }
    }

    /// After we have said goodbye nothing new begins.
    private void message(byte[] utf8) throws InterruptedException {
        if (!writer.isClosed()) {
            subscriptions.used();
            messages.act(utf8);
        }
    }

    private void watch() {
        try {
            pulse.watch();
            cut();
        } catch (InterruptedException over) {
            // the client has left, one way or the other
        }
    }

    /// Ends the reading.
    private void cut() {
        Thread thread = reading;
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public Duration idleTime() {
        return Duration.ZERO;
    }

    /// The server stops: lets what was said reach the client, and says goodbye.
    @Override
    public void close(boolean interrupt) {
        if (interrupt) {
            cut();
        } else {
            Thread.ofVirtual().name("socket-goodbye").start(this::goodbye);
        }
    }

    private void goodbye() {
        try {
            subscriptions.awaitNone(LAST_WORDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        writer.close(Closing.goingAway());
        subscriptions.leaveAll();
    }
}
