package dev.tandem.engine;

import dev.tandem.approval.Approval;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunState;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolProgress;
import dev.tandem.toolbox.CallOutcome;
import dev.tandem.toolbox.CallWatcher;
import dev.tandem.toolbox.OfferedTool;
import dev.tandem.toolbox.ToolRequest;
import dev.tandem.toolbox.Toolbox;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The calls of this server's tools in one turn: each runs on a thread of its own, beside the model
/// that still speaks. Belongs to the run's thread, which closes it: nothing runs on after that.
final class ToolRound implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ToolRound.class);

    /// How long a call that was stopped may take to say so.
    private static final Duration STOP_MAX = Duration.ofSeconds(2);

    /// News of one call that come faster than this are left out.
    private static final Duration NEWS_MIN = Duration.ofMillis(50);

    private static final ToolOutput LATE =
            ToolOutput.failure("The call was stopped: the tools of this answer took too long.");

    private final Run run;
    private final ServerTools.Offered offered;
    private final Toolbox toolbox;
    private final Semaphore places;
    private final Progress progress;
    private final RunBooks books;
    private final Map<String, Thread> threads = new LinkedHashMap<>();
    private volatile boolean late;

    /// @param places one for each call that may be at work at once
    ToolRound(
            Run run,
            ServerTools.Offered offered,
            Toolbox toolbox,
            Semaphore places,
            Progress progress,
            RunBooks books) {
        this.run = run;
        this.offered = offered;
        this.toolbox = toolbox;
        this.places = places;
        this.progress = progress;
        this.books = books;
    }

    /// Begins a call, unless it has begun.
    void begin(String id, OfferedTool tool, String argumentsJson) {
        if (threads.containsKey(id)) {
            return;
        }
        progress.tell(new RunEvent.ToolUse(id, tool.name(), argumentsJson));
        ToolRequest request =
                new ToolRequest(
                        offered.scope(), tool, id, argumentsJson, offered.auditsArguments());
        threads.put(
                id, Thread.ofVirtual().name(run.info().id() + "/" + id).start(() -> run(request)));
    }

    private void run(ToolRequest request) {
        CallOutcome outcome;
        try {
            places.acquire();
            try {
                outcome = toolbox.call(request, new Watcher(request.callId()));
            } finally {
                places.release();
            }
        } catch (InterruptedException stopped) {
            if (!late) {
                return;
            }
            outcome = new CallOutcome(CallOutcome.Status.TIMED_OUT, LATE, Duration.ZERO);
        } catch (RuntimeException | Error unexpected) {
            LOG.error("the tool {} failed unexpectedly", request.tool().name(), unexpected);
            outcome =
                    new CallOutcome(
                            CallOutcome.Status.FAILED,
                            ToolOutput.failure("Something went wrong in the server."),
                            Duration.ZERO);
        }
        progress.tell(ShownOutput.event(request, outcome));
    }

    /// Waits until every call has ended. What is not done in time is stopped and told so.
    ///
    /// @param deadline in the nanoseconds of the system's timer
    void await(long deadline) throws InterruptedException {
        for (Thread thread : threads.values()) {
            Duration rest = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
            if (!thread.join(rest)) {
                LOG.warn("the calls of {} take too long; they are stopped", run.info().id());
                late = true;
                close();
                return;
            }
        }
    }

    /// Stops whatever is at work, and waits until it has.
    @Override
    public void close() {
        threads.values().forEach(Thread::interrupt);
        boolean interrupted = Thread.interrupted();
        for (Map.Entry<String, Thread> call : threads.entrySet()) {
            try {
                if (!call.getValue().join(STOP_MAX)) {
                    LOG.warn("the call {} of {} does not stop", call.getKey(), run.info().id());
                }
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Tells in the run's log what happens to one call.
    private final class Watcher implements CallWatcher {
        private final String id;
        private long toldAt = System.nanoTime() - NEWS_MIN.toNanos();

        Watcher(String id) {
            this.id = id;
        }

        @Override
        public synchronized void progress(ToolProgress news) {
            long now = System.nanoTime();
            boolean last = news.total().equals(OptionalDouble.of(news.done()));
            if (last || now - toldAt >= NEWS_MIN.toNanos()) {
                toldAt = now;
                progress.tell(new RunEvent.CallProgress(id, news));
            }
        }

        @Override
        public void asked(Approval open) {
            if (run.asks()) {
                books.stand(run, RunState.WAITING);
            }
            progress.tell(new RunEvent.ApprovalAsked(open));
        }

        @Override
        public void decided(Approval closed) {
            if (run.isAnswered()) {
                books.stand(run, RunState.RUNNING);
            }
            progress.tell(new RunEvent.ApprovalDecided(closed));
        }
    }
}
