package dev.tandem.toolbox;

import dev.tandem.failure.Failure;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolScope;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A server that is being asked for its tools, on a thread of its own.
final class Listing {
    private static final Logger LOG = LoggerFactory.getLogger(Listing.class);

    private final Placed asked;
    private final FutureTask<List<ToolDefinition>> task;

    private Listing(Placed asked, FutureTask<List<ToolDefinition>> task) {
        this.asked = asked;
        this.task = task;
    }

    /// What a server has answered.
    sealed interface Answer {
        /// Its tools.
        record Tools(List<ToolDefinition> tools) implements Answer {}

        /// No tools.
        ///
        /// @param why in words for the client
        record Missing(String why) implements Answer {}
    }

    static Listing start(Placed placed, ToolScope scope) {
        FutureTask<List<ToolDefinition>> task =
                new FutureTask<>(() -> placed.source().tools(scope, placed.server().id()));
        Thread _ = Thread.ofVirtual().name("tool-list").start(task);
        return new Listing(placed, task);
    }

    Placed asked() {
        return asked;
    }

    /// Waits for the answer, at most so long; then the server is left to itself.
    Answer await(Duration limit) throws InterruptedException {
        try {
            return new Answer.Tools(task.get(limit.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException slow) {
            stop();
            return new Answer.Missing("The server did not tell its tools in time.");
        } catch (ExecutionException failed) {
            return new Answer.Missing(why(Objects.requireNonNull(failed.getCause())));
        }
    }

    /// Waits no more.
    void stop() {
        boolean _ = task.cancel(true);
    }

    private String why(Throwable cause) {
        if (cause instanceof Failure failure) {
            return failure.text();
        }
        LOG.warn("the tools of {} could not be listed", asked.server().id(), cause);
        return "The server could not tell its tools; the log says why.";
    }
}
