package dev.tandem.provider.local;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.provider.ModelEvent;
import dev.tandem.provider.ModelStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The hand-off of one answer from the thread that makes it to the thread that reads it.
///
/// It holds a whole answer if it must, which [LocalSettings#answerTokensMax()] bounds, so that a
/// slow reader never keeps the model from others.
final class LocalEvents implements ModelStream {
    private final LocalRequest request;
    private final Consumer<LocalEvents> onClose;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<ModelEvent> ready = new ArrayDeque<>();
    private final Deadline deadline;

    // Guarded by the lock.
    private @Nullable Deadline loadDeadline;
    private @Nullable Failure failure;
    private boolean whole;
    private boolean closed;

    private record Deadline(long atNanos, String message) {
        private static Deadline in(Duration wait, String message) {
            return new Deadline(System.nanoTime() + wait.toNanos(), message + " " + wait);
        }

        private long leftNanos() {
            return atNanos - System.nanoTime();
        }
    }

    /// A new answer.
    ///
    /// @param onClose is told when the stream is closed, once or more
    LocalEvents(LocalRequest request, Duration answerTimeout, Consumer<LocalEvents> onClose) {
        this.request = request;
        this.onClose = onClose;
        this.deadline =
                Deadline.in(answerTimeout, "the model in this server did not answer within");
    }

    LocalRequest request() {
        return request;
    }

    @Override
    public ModelEvent next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                ModelEvent event = available();
                if (event != null) {
                    return event;
                }
                long _ = changed.awaitNanos(patience());
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        locked(() -> closed = true);
        onClose.accept(this);
    }

    /// Hands over an event.
    void add(ModelEvent event) {
        locked(
                () -> {
                    ready.add(event);
                    whole |= event instanceof ModelEvent.Finished;
                });
    }

    /// Ends the answer with a failure, after the events that were handed over before.
    void fail(Failure reason) {
        locked(() -> failure = reason);
    }

    /// Nobody wants the rest: the stream is closed or too late.
    boolean isOver() {
        lock.lock();
        try {
            return closed || failure != null || deadline.leftNanos() <= 0;
        } finally {
            lock.unlock();
        }
    }

    /// The weights are being read for this answer, which may take so long.
    void loading(Duration limit) {
        locked(
                () ->
                        loadDeadline =
                                Deadline.in(
                                        limit, "the model in this server was not loaded within"));
    }

    void loaded() {
        locked(() -> loadDeadline = null);
    }

    private @Nullable ModelEvent available() throws InterruptedException {
        if (closed) {
            throw new InterruptedException("the stream is closed");
        }
        ModelEvent event = ready.pollFirst();
        if (event == null && failure != null) {
            throw failure;
        }
        if (event == null && whole) {
            throw new IllegalStateException("the answer is whole: there is no event after it");
        }
        return event;
    }

    /// How long to wait on; where no time is left, the answer fails.
    private long patience() {
        Deadline next = deadline;
        if (loadDeadline != null && loadDeadline.leftNanos() < next.leftNanos()) {
            next = loadDeadline;
        }
        long left = next.leftNanos();
        if (left <= 0) {
            failure = new Failure(FailureCode.UPSTREAM_TIMEOUT, next.message());
        }
        return left;
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
