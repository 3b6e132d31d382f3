package dev.tandem.hub;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.hub.ServerConnection.SessionExpired;
import dev.tandem.tool.ToolDefinition;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One connection of a [Link], from its start to its end.
final class Live implements Connector.Events {
    private final Link link;
    private final ServerLog log;
    private final Consumer<Live> afterwards;
    private final ReentrantLock listing = new ReentrantLock();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile Masks masks = Masks.NONE;
    private volatile Optional<String> ended = Optional.empty();
    private volatile boolean proven;
    private volatile int listVersion;
    private volatile @Nullable Listed listed;
    private volatile @Nullable ServerConnection connection;
    private boolean closing;

    private record Listed(int version, List<ToolDefinition> tools) {}

    /// @param afterwards what is to be done once the connection is closed
    Live(Link link, ServerLog log, Consumer<Live> afterwards) {
        this.link = link;
        this.log = log;
        this.afterwards = afterwards;
    }

    /// Hides these secrets in what the server says from now on.
    synchronized void mask(Masks secrets) {
        masks = secrets;
    }

    String tenant() {
        return link.key().tenant();
    }

    String masked(String text) {
        return masks.mask(text);
    }

    /// The same failure, without secrets.
    Failure masked(Failure failure) {
        return MaskedConnection.masked(failure, masks::mask);
    }

    /// Hides what is sent from now on, too.
    @Override
    public synchronized void sent(String authorization) {
        masks = masks.and(authorization);
    }

    /// Takes the connection, to close it in its time; at once where that has passed.
    void attach(ServerConnection opened) {
        synchronized (this) {
            if (!closing) {
                connection = new MaskedConnection(opened, () -> masks);
                return;
            }
        }
        opened.close();
        throw new Failure(FailureCode.SHUTTING_DOWN, "The MCP server was stopped meanwhile.");
    }

    ServerConnection connection() {
        ServerConnection opened = connection;
        if (opened == null) {
            throw new IllegalStateException("the connection is not open");
        }
        return opened;
    }

    /// Why the server is gone; empty while it is there.
    Optional<String> whyEnded() {
        ServerConnection opened = connection;
        return ended.or(() -> opened == null ? Optional.empty() : opened.ended());
    }

    /// The server has answered: it works.
    void prove() {
        proven = true;
    }

    boolean isProven() {
        return proven;
    }

    /// The tools, asked for once until the server says that they have changed.
    List<ToolDefinition> tools() throws InterruptedException, SessionExpired {
        listing.lockInterruptibly();
        try {
            int version = listVersion;
            Listed known = listed;
            if (known != null && known.version() == version) {
                return known.tools();
            }
            List<ToolDefinition> tools = List.copyOf(connection().tools());
            listed = new Listed(version, tools);
            return tools;
        } finally {
            listing.unlock();
        }
    }

    /// How many tools there were when they were last asked for.
    Optional<Integer> toolCount() {
        return Optional.ofNullable(listed).map(known -> known.tools().size());
    }

    @Override
    public synchronized void toolsChanged() {
        listVersion = listVersion + 1;
    }

    @Override
    public void logged(String origin, String text) {
        log.add(origin, masked(text));
    }

    @Override
    public void ended(String why) {
        ended = Optional.of(masked(why));
        link.lost(this, masked(why));
    }

    /// Ends the server and waits until it has ended, whoever ends it.
    void close() {
        if (beginClosing()) {
            end();
        } else {
            closed.join();
        }
    }

    private void end() {
        try {
            ServerConnection opened = connection;
            if (opened != null) {
                opened.close();
            }
        } finally {
            afterwards.accept(this);
            closed.complete(null);
        }
    }

    private synchronized boolean beginClosing() {
        boolean first = !closing;
        closing = true;
        return first;
    }

    /// Ends the server; does not wait.
    void closeAside() {
        if (beginClosing()) {
            Thread.ofVirtual().name("mcp-stop").start(this::end);
        }
    }

    /// Whether it is ending, or has ended.
    synchronized boolean isClosing() {
        return closing;
    }

    /// Waits until it has ended, once it is closing.
    void awaitClosed() throws InterruptedException {
        try {
            Object _ = closed.get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
