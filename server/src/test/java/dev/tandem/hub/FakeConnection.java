package dev.tandem.hub;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.tool.ContextItem;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolHints;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolWatcher;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/// Answers `hold` when it is released or dies, everything else at once.
final class FakeConnection implements ServerConnection {
    final Connector.Events events;
    final AtomicInteger lists = new AtomicInteger();
    final AtomicInteger calls = new AtomicInteger();
    final CountDownLatch held = new CountDownLatch(1);
    final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final CompletableFuture<ToolOutput> release = new CompletableFuture<>();
    private volatile Optional<String> ended = Optional.empty();
    private volatile CountDownLatch end = new CountDownLatch(0);
    private volatile boolean expired;

    FakeConnection(Connector.Events events) {
        this.events = events;
    }

    /// Is gone all of a sudden.
    void die(String why) {
        ended = Optional.of(why);
        release.completeExceptionally(gone());
        events.ended(why);
    }

    /// The same, and its event comes never.
    void dieUnheard(String why) {
        ended = Optional.of(why);
    }

    /// Takes its time to end, from now on.
    void holdEnd() {
        end = new CountDownLatch(1);
    }

    void releaseEnd() {
        end.countDown();
    }

    /// Forgets whom it talks to.
    void expire() {
        expired = true;
    }

    void release() {
        release.complete(ToolOutput.text("released"));
    }

    private Failure gone() {
        return new Failure(
                FailureCode.UPSTREAM_UNAVAILABLE,
                "The MCP server is gone: " + ended.orElse("") + ".");
    }

    private void check() throws SessionExpired {
        if (ended.isPresent()) {
            throw gone();
        }
        if (expired) {
            throw new SessionExpired(
                    new Failure(FailureCode.UPSTREAM_UNAVAILABLE, "The session has expired."));
        }
    }

    @Override
    public Optional<String> version() {
        return Optional.of("fake 1");
    }

    @Override
    public Optional<String> ended() {
        return ended;
    }

    @Override
    public List<ToolDefinition> tools() throws SessionExpired {
        check();
        lists.incrementAndGet();
        return List.of(
                new ToolDefinition(
                        "echo",
                        Optional.empty(),
                        Optional.empty(),
                        "{}",
                        Optional.empty(),
                        ToolHints.NONE,
                        "{}"));
    }

    @Override
    public List<ContextItem> context(ContextItem.Kind kind) throws SessionExpired {
        check();
        return List.of();
    }

    @Override
    public ToolOutput call(String tool, String argumentsJson, ToolWatcher watcher)
            throws InterruptedException, SessionExpired {
        check();
        calls.incrementAndGet();
        if (!tool.equals("hold")) {
            return ToolOutput.text(tool);
        }
        held.countDown();
        try {
            return release.get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Failure failure
                    ? failure
                    : new IllegalStateException(failed);
        }
    }

    @Override
    public String read(String method, String paramsJson, ToolWatcher watcher)
            throws SessionExpired {
        check();
        return "{}";
    }

    @Override
    public void close() {
        try {
            end.await();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        closed.complete(null);
    }
}
