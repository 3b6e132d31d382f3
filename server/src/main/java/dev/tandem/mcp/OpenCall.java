package dev.tandem.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.tool.ToolProgress;
import dev.tandem.tool.ToolWatcher;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A question of ours that waits for its answer.
final class OpenCall {
    private final long number;
    private final String method;
    private final Optional<ToolWatcher> watcher;
    private final CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    private final Set<Thread> askers = new HashSet<>();
    private boolean closed;

    /// @param watcher empty where nobody wants to know how far it is, or can answer questions
    OpenCall(long number, String method, Optional<ToolWatcher> watcher) {
        this.number = number;
        this.method = method;
        this.watcher = watcher;
    }

    long number() {
        return number;
    }

    String method() {
        return method;
    }

    Optional<ToolWatcher> watcher() {
        return watcher;
    }

    void answered(JsonNode result) {
        answer.complete(result);
    }

    void failed(RuntimeException why) {
        answer.completeExceptionally(why);
    }

    /// A caller's own mistake fails its call and must not deafen all others.
    void progressed(JsonNode params) {
        JsonNode total = params.path("total");
        ToolProgress news =
                new ToolProgress(
                        params.path("progress").asDouble(),
                        total.isNumber()
                                ? OptionalDouble.of(total.asDouble())
                                : OptionalDouble.empty(),
                        RpcMessages.text(params.path("message")));
        try {
            watcher.ifPresent(one -> one.progress(news));
        } catch (RuntimeException broken) {
            failed(new IllegalStateException("the caller cannot take progress", broken));
        }
    }

    /// Waits for the answer.
    JsonNode await(Optional<Duration> limit) throws InterruptedException, TimeoutException {
        try {
            return limit.isPresent()
                    ? answer.get(limit.get().toNanos(), TimeUnit.NANOSECONDS)
                    : answer.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException told) {
                throw told;
            }
            throw new IllegalStateException(failed);
        }
    }

    /// Lets a thread ask for this call's sake; it is interrupted when the call ends.
    synchronized void beginAsking(Thread asker) {
        if (closed) {
            asker.interrupt();
        } else {
            askers.add(asker);
        }
    }

    synchronized void endAsking(Thread asker) {
        askers.remove(asker);
    }

    /// Nobody waits any more: whoever still asks for its sake is interrupted.
    synchronized void close() {
        closed = true;
        askers.forEach(Thread::interrupt);
        askers.clear();
    }
}
