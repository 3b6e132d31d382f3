package dev.tandem.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Failure;
import dev.tandem.mcp.McpHost.Kind;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears from a stateless server when its lists change, for which it must be asked. A feed that
/// breaks off is asked for again, later and later, and what may have been missed counts as changed.
final class ChangeFeed {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);
    private static final long PAUSE_MILLIS_MIN = 1_000;
    private static final long PAUSE_MILLIS_MAX = 60_000;

    /// A feed that lasted so long was a good one.
    private static final Duration STOOD = Duration.ofMinutes(1);

    private final RpcPeer peer;
    private final RequestMeta meta;
    private final Set<Kind> kinds;
    private final HostSide host;
    private final Thread thread;

    /// @param kinds of which the server says that it tells changes
    ChangeFeed(RpcPeer peer, RequestMeta meta, Set<Kind> kinds, HostSide host) {
        this.peer = peer;
        this.meta = meta;
        this.kinds = kinds;
        this.host = host;
        this.thread = Thread.ofVirtual().name("mcp-changes").unstarted(this::listen);
    }

    void open() {
        if (!kinds.isEmpty()) {
            thread.start();
        }
    }

    private void listen() {
        try {
            long pause = PAUSE_MILLIS_MIN;
            long begin = System.nanoTime();
            while (heardOut()) {
                boolean stood = System.nanoTime() - begin > STOOD.toNanos();
                pause = stood ? PAUSE_MILLIS_MIN : pause;
                Thread.sleep(pause);
                kinds.forEach(host::changed);
                pause = Math.min(pause * 2, PAUSE_MILLIS_MAX);
                begin = System.nanoTime();
            }
        } catch (InterruptedException closed) {
            LOG.debug("a feed of changes was closed", closed);
        }
    }

    /// Whether it is worth asking again.
    private boolean heardOut() throws InterruptedException {
        ObjectNode params = RpcMessages.object();
        ObjectNode filter = params.putObject("notifications");
        for (Kind kind : kinds) {
            filter.put(kind.name().toLowerCase(Locale.ROOT) + "ListChanged", true);
        }
        try {
            peer.ask(
                    new RpcQuestion(
                            "subscriptions/listen",
                            meta.sign(params),
                            Optional.empty(),
                            Optional.empty()));
        } catch (Failure broken) {
            LOG.debug("a feed of changes broke off", broken);
            return McpRefusal.of(broken).isEmpty() && peer.ended().isEmpty();
        }
        return peer.ended().isEmpty();
    }

    void close() {
        thread.interrupt();
    }
}
