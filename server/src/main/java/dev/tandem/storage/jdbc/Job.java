package dev.tandem.storage.jdbc;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Work that one thread hands to a thread of the database's and waits for.
final class Job<T> {
    private enum State {
        WAITING,
        STARTED,
        WITHDRAWN
    }

    private final Work<T> work;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final CountDownLatch ended = new CountDownLatch(1);
    // Both are written before the latch opens and read after it.
    private @Nullable T result;
    private @Nullable Throwable problem;

    Job(Work<T> work) {
        this.work = work;
    }

    /// Whether to run it: false where its caller went away before.
    boolean start() {
        return state.compareAndSet(State.WAITING, State.STARTED);
    }

    /// Does the work. Whether that went well; the caller still waits for [#end()].
    boolean run(Transaction transaction) {
        try {
            result = work.in(transaction);
            return true;
        } catch (Throwable theirs) {
            problem = theirs;
            return false;
        }
    }

    /// Tells the caller what became of it.
    void end() {
        ended.countDown();
    }

    /// Tells the caller that nothing became of it.
    void end(Throwable broken) {
        problem = broken;
        ended.countDown();
    }

    /// Waits for a read: an interrupt ends the wait, for nothing is lost with an answer that nobody
    /// wants.
    T awaitInterruptibly(Duration limit) {
        try {
            if (!ended.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                throw late(limit);
            }
        } catch (InterruptedException stop) {
            withdraw();
            Thread.currentThread().interrupt();
            throw new Failure(
                    FailureCode.CANCELLED, "The call was stopped while it read its data.", stop);
        }
        return outcome();
    }

    /// Waits for a write: an interrupt is kept for later, for a caller must learn whether its data
    /// were stored.
    T await(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (!ended.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                        throw late(limit);
                    }
                    return outcome();
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Failure late(Duration limit) {
        String fate = withdraw() ? "Nothing was done." : "It may still be done.";
        return new Failure(
                FailureCode.OVERLOADED,
                "The database did not answer within " + limit.toMillis() + " ms. " + fate);
    }

    private boolean withdraw() {
        return state.compareAndSet(State.WAITING, State.WITHDRAWN);
    }

    private T outcome() {
        return switch (problem) {
            case null -> Objects.requireNonNull(result);
            case Failure failure -> throw failure;
            case Error error -> throw error;
            case Throwable other ->
                    throw new Failure(
                            FailureCode.INTERNAL,
                            "The database could not do this; the server's log says why.",
                            other);
        };
    }
}
