package dev.tandem.run;

import dev.tandem.approval.Approval;
import dev.tandem.tool.ToolProgress;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A log that lives as long as its run is referred to.
public final class MemoryRunLog implements RunLog {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final List<RunEvent> events = new ArrayList<>();
    private final long charsMax;
    private long chars;
    private final ScheduledExecutorService timer;
    private int waiting;

    /// Wakes readers that have waited long enough. One for all of them, and it stays where it is
    /// while events come: a timer for each wait would cost as much as the event.
    private @Nullable ScheduledFuture<?> alarm;

    private long alarmAtNanos;
    private RunEvent.@Nullable End end;

    /// @param charsMax the most characters of text, reasoning, arguments and results
    /// @param timer runs what is short, later
    public MemoryRunLog(long charsMax, ScheduledExecutorService timer) {
        this.charsMax = charsMax;
        this.timer = timer;
    }

    @Override
    public void append(RunEvent event) {
        lock.lock();
        try {
            if (end != null) {
                throw new IllegalStateException("the run has ended");
            }
            if (event instanceof RunEvent.End last) {
                end = last;
                silence();
            } else {
                admit(event);
            }
            events.add(event);
            if (waiting > 0) {
                grown.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void admit(RunEvent event) {
        chars += chars(event);
        if (chars > charsMax) {
            throw new Failure(
                    FailureCode.UPSTREAM_ERROR,
                    "The answer has more than "
                            + charsMax
                            + " characters; ask for less, or raise runs.log-chars-max.");
        }
    }

    private static long chars(RunEvent event) {
        return switch (event) {
            case RunEvent.Text(String text) -> text.length();
            case RunEvent.Reasoning(String text) -> text.length();
            case RunEvent.ToolArguments(int _, String fragment) -> fragment.length();
            case RunEvent.ToolUse use -> use.inputJson().length();
            case RunEvent.ToolResult result -> result.content().length();
            case RunEvent.ServerArguments(String _, String fragment) -> fragment.length();
            case RunEvent.CallProgress(String _, ToolProgress news) ->
                    news.message().map(String::length).orElse(0);
            case RunEvent.ApprovalAsked(Approval open) -> open.argumentsJson().length();
            case RunEvent.ApprovalDecided(Approval closed) -> closed.argumentsJson().length();
            case RunEvent.Warned(String _, String message) -> message.length();
            case RunEvent.Queued _,
                    RunEvent.Started _,
                    RunEvent.ToolCall _,
                    RunEvent.ServerCall _,
                    RunEvent.TurnStarted _,
                    RunEvent.End _ ->
                    0;
        };
    }

    @Override
    public RunReader readAfter(long after) {
        return new Reader(after);
    }

    @Override
    public long size() {
        lock.lock();
        try {
            return events.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<RunEvent.End> end() {
        lock.lock();
        try {
            return Optional.ofNullable(end);
        } finally {
            lock.unlock();
        }
    }

    private void wakeAt(long deadline) {
        if (alarm != null && alarmAtNanos - deadline <= 0) {
            return;
        }
        silence();
        alarmAtNanos = deadline;
        alarm = timer.schedule(this::ring, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void silence() {
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }

    /// Readers that have not waited long enough set the alarm again.
    private void ring() {
        lock.lock();
        try {
            alarm = null;
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private final class Reader implements RunReader {
        private int read;

        Reader(long after) {
            this.read = Math.toIntExact(after);
        }

        @Override
        public List<RunEvent> next(Duration wait) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                await(wait.toNanos());
                return take();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public List<RunEvent> ready() {
            lock.lock();
            try {
                return take();
            } finally {
                lock.unlock();
            }
        }

        private List<RunEvent> take() {
            List<RunEvent> news = List.copyOf(events.subList(read, events.size()));
            read = events.size();
            return news;
        }

        private void await(long nanos) throws InterruptedException {
            long deadline = System.nanoTime() + nanos;
            waiting++;
            try {
                while (read == events.size() && deadline - System.nanoTime() > 0) {
                    wakeAt(deadline);
                    grown.await();
                }
            } finally {
                waiting--;
            }
        }

        @Override
        public long number() {
            return read;
        }
    }
}
