package dev.tandem.toolbox;

import dev.tandem.failure.Failure;
import dev.tandem.tool.ToolOutput;
import dev.tandem.toolbox.CallOutcome.Status;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One call at its server, on a thread of its own, so that the caller is free when the time is over
/// or somebody interrupts, whatever the server does.
final class Execution {
    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

    private final CallClock clock;
    private final Duration limit;

    /// @param clock the call's, which this ends
    /// @param limit what the clock has, for the message
    Execution(CallClock clock, Duration limit) {
        this.clock = clock;
        this.limit = limit;
    }

    /// Runs the call and waits for its end, or for the end of its time.
    CallOutcome run(Callable<ToolOutput> call) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("before the call was made");
        }
        FutureTask<ToolOutput> task =
                new FutureTask<>(call) {
                    @Override
                    protected void done() {
                        clock.end();
                    }
                };
        Thread worker = Thread.ofVirtual().name("tool-call").start(task);
        try {
            return clock.awaitEnd() ? outcome(task) : late();
        } finally {
            worker.interrupt();
        }
    }

    private CallOutcome outcome(FutureTask<ToolOutput> task) throws InterruptedException {
        try {
            ToolOutput output = task.get();
            Status status = output.failed() ? Status.FAILED : Status.SUCCEEDED;
            return new CallOutcome(status, output, clock.taken());
        } catch (ExecutionException failed) {
            return failed(Objects.requireNonNull(failed.getCause()));
        }
    }

    private CallOutcome late() {
        return told(
                Status.TIMED_OUT,
                "The tool did not answer within " + limit.toMillis() + " ms and was stopped.");
    }

    private CallOutcome failed(Throwable cause) {
        return switch (cause) {
            case Failure failure -> told(status(failure), failure.text());
            case InterruptedException _ ->
                    told(Status.CANCELLED, "The call was stopped before the tool answered.");
            default -> {
                LOG.error("a call of a tool broke", cause);
                yield told(Status.FAILED, "The call broke; the server's log says why.");
            }
        };
    }

    private static Status status(Failure failure) {
        return switch (failure.code()) {
            case UPSTREAM_UNAVAILABLE, NOT_FOUND, OVERLOADED, SHUTTING_DOWN -> Status.UNAVAILABLE;
            case UPSTREAM_TIMEOUT -> Status.TIMED_OUT;
            case CANCELLED, INTERRUPTED -> Status.CANCELLED;
            case INVALID_REQUEST,
                    UNAUTHORIZED,
                    FORBIDDEN,
                    METHOD_NOT_ALLOWED,
                    UNSUPPORTED_MEDIA_TYPE,
                    RUN_IN_PROGRESS,
                    CONFLICT,
                    IDEMPOTENCY_CONFLICT,
                    ALREADY_EXISTS,
                    REQUEST_TOO_LARGE,
                    RATE_LIMITED,
                    QUOTA_EXCEEDED,
                    BUDGET_EXCEEDED,
                    UPSTREAM_ERROR,
                    INTERNAL ->
                    Status.FAILED;
        };
    }

    private CallOutcome told(Status status, String why) {
        return new CallOutcome(status, ToolOutput.failure(why), clock.taken());
    }
}
