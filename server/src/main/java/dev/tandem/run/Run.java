package dev.tandem.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One answer being made: its log, and the thread that makes it. Whoever looks at a run reads its
/// log; whoever stops it does so here. Safe for use by many threads.
public final class Run {
    private final RunInfo info;
    private final RunLog log;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch turn = new CountDownLatch(1);
    private volatile int ahead;

    /// Decisions that somebody has to make before the run goes on.
    private final AtomicInteger undecided = new AtomicInteger();

    private int readers;

    /// How often a reader has come.
    private long visits;

    private @Nullable Thread worker;
    private @Nullable Stop stop;
    private boolean ending;
    private volatile @Nullable Instant endedAt;

    /// Why a run was stopped from outside.
    public enum Stop {
        /// Somebody cancelled it, or its only reader left.
        CANCELLED,
        /// The server goes down.
        SHUTDOWN
    }

    public Run(RunInfo info, RunLog log) {
        this.info = info;
        this.log = log;
    }

    public RunInfo info() {
        return info;
    }

    public RunLog log() {
        return log;
    }

    public RunState state() {
        return log.end().map(RunEvent.End::state).orElseGet(this::stateNow);
    }

    private RunState stateNow() {
        if (turn.getCount() > 0) {
            return RunState.QUEUED;
        }
        return undecided.get() > 0 ? RunState.WAITING : RunState.RUNNING;
    }

    /// Notes that a decision is waited for. Whether it is the only one.
    public boolean asks() {
        return undecided.incrementAndGet() == 1;
    }

    /// Notes that a decision was made. Whether it was the last.
    public boolean isAnswered() {
        return undecided.decrementAndGet() == 0;
    }

    /// Takes its place in its session: at once, or behind others.
    ///
    /// @param before how many come before it
    void lineUp(int before) {
        ahead = before;
        if (before == 0) {
            beginTurn();
        } else {
            log.append(new RunEvent.Queued(before));
        }
    }

    /// Whether others of its session came before it. They may have ended by now.
    public boolean cameLater() {
        return ahead > 0;
    }

    void beginTurn() {
        turn.countDown();
    }

    /// Blocks until the runs of its session that came before it have ended.
    public void awaitTurn() throws InterruptedException {
        turn.await();
    }

    synchronized void readerCame() {
        readers++;
        visits++;
    }

    /// Notes that a reader left.
    ///
    /// @return the visits so far if that was the last reader, else a negative number
    synchronized long readerLeft() {
        readers--;
        return readers == 0 ? visits : -1;
    }

    /// Whether nobody reads, and nobody has come since so many visits.
    synchronized boolean isDesertedSince(long visits) {
        return readers == 0 && this.visits == visits;
    }

    /// When it ended; empty where it goes on.
    public Optional<Instant> endedAt() {
        return Optional.ofNullable(endedAt);
    }

    /// Says which thread makes the answer: the one that is interrupted when the run is stopped.
    ///
    /// @return whether there is anything to do: false where the run was stopped before
    public synchronized boolean workOn(Thread thread) {
        worker = thread;
        return stop == null;
    }

    /// Stops the run. Returns at once; the first reason counts, and none counts once the run is
    /// ending by itself.
    public synchronized void stop(Stop why) {
        if (stop != null || ending) {
            return;
        }
        stop = why;
        if (worker != null) {
            worker.interrupt();
        }
    }

    /// Says that no more will come from the model. From here on the thread is not interrupted, and
    /// an interrupt that came before is taken back. Returns why the run was stopped, if it was.
    public synchronized Optional<Stop> beginEnding() {
        ending = true;
        boolean _ = Thread.interrupted();
        return Optional.ofNullable(stop);
    }

    /// Adds the last event.
    ///
    /// @param now when it ended, as it is stored
    public void end(RunEvent.End last, Instant now) {
        endedAt = now;
        log.append(last);
        ended.countDown();
    }

    /// Waits for the end. Whether it came in time.
    public boolean awaitEnd(Duration wait) throws InterruptedException {
        return ended.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    }
}
