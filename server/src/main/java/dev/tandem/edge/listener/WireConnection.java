package dev.tandem.edge.listener;

import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import java.time.Duration;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A connection from its first byte on, whatever it turns out to speak.
final class WireConnection implements ServerConnection {

    private static final Logger LOG = LoggerFactory.getLogger(WireConnection.class);

    private final ConnectionContext context;
    private final Sessions sessions;
    private final Set<WireConnection> open;
    private final Deadline deadline;
    private volatile @Nullable Thread thread;
    private volatile @Nullable ServerConnection session;
    private volatile boolean closing;

    WireConnection(ConnectionContext context, Sessions sessions, Set<WireConnection> open) {
        this.context = context;
        this.sessions = sessions;
        this.open = open;
        this.deadline = sessions.deadline(this::cut);
    }

    @Override
    public void handle(Limit limit) {
        thread = Thread.currentThread();
        open.add(this);
        try (deadline) {
            deadline.in(sessions.headTimeout());
            ServerConnection opened = open();
            session = opened;
            if (opened != null && !closing) {
                opened.handle(limit);
            }
        } catch (InsufficientDataAvailableException | InterruptedException e) {
            // closed before it said anything, or cut
        } catch (SSLException e) {
            LOG.debug("no TLS with a client: {}", e.getMessage());
        } finally {
            thread = null;
            open.remove(this);
            Thread.interrupted();
        }
    }

    private @Nullable ServerConnection open() throws SSLException {
        ConnectionContext plain = sessions.secured(context);
        return switch (FirstBytes.of(plain.dataReader())) {
            case HTTP1 -> sessions.http1(plain, deadline);
            case HTTP2 -> sessions.http2(plain, deadline);
            case NEITHER -> null;
        };
    }

    /// Closes the connection now, without a word.
    void cut() {
        try {
            context.serverSocket().close();
        } catch (RuntimeException e) {
            // the peer was faster
        }
        Thread reading = thread;
        if (reading != null) {
            reading.interrupt();
        }
    }

    @Override
    public Duration idleTime() {
        return Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
        closing = true;
        ServerConnection current = session;
        if (interrupt || current == null) {
            cut();
        } else {
            current.close(false);
        }
    }
}
