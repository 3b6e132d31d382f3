package dev.tandem.run;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.id.Ids;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The runs in progress. Safe for use by many threads.
public final class Runs implements AutoCloseable {
    private final RunSettings settings;
    private final ConcurrentHashMap<String, Run> live = new ConcurrentHashMap<>();
    private final Turns turns;
    private final ScheduledThreadPoolExecutor timer;

    public Runs(RunSettings settings) {
        this.settings = settings;
        this.turns = new Turns(settings.queueMax());
        this.timer =
                new ScheduledThreadPoolExecutor(
                        1,
                        Thread.ofPlatform().daemon().name("run-timer").factory(),
                        new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true);
    }

    /// Makes a run known, and lines it up in its session. Whoever calls this calls [#leave] when
    /// the run has ended.
    ///
    /// @throws Failure OVERLOADED where too many runs are in progress, or wait in its session;
    ///     RUN_IN_PROGRESS, naming the run, where the session is answering already and this one
    ///     does not wait
    public Run enter(RunInfo info) {
        if (live.size() >= settings.liveMax()) {
            throw new Failure(
                            FailureCode.OVERLOADED,
                            "The server is at work on "
                                    + settings.liveMax()
                                    + " answers, as many as runs.live-max allows.")
                    .retryAfter(Duration.ofSeconds(1));
        }
        Run run = new Run(info, new MemoryRunLog(settings.logCharsMax(), timer));
        Optional<String> session = info.sessionId();
        run.lineUp(session.isPresent() ? turns.enter(session.get(), run, info.terms().queue()) : 0);
        live.put(info.id(), run);
        return run;
    }

    /// Forgets a run, and lets the next of its session begin.
    public void leave(Run run) {
        live.remove(run.info().id(), run);
        run.info().sessionId().ifPresent(session -> turns.leave(session, run));
    }

    /// Notes that somebody reads a run's log.
    public void attach(Run run) {
        run.readerCame();
    }

    /// Notes that a reader has left. With the last one ends a run that is not kept; a kept one goes
    /// on for `runs.detached-max`, and one in the background for as long as it takes.
    public void detach(Run run) {
        long visits = run.readerLeft();
        if (visits < 0 || run.log().end().isPresent()) {
            return;
        }
        if (!run.info().kept()) {
            run.stop(Run.Stop.CANCELLED);
        } else if (!run.info().terms().background()) {
            // by its id, for the log of a run that has ended should not stay for the timer's sake
            String id = run.info().id();
            ScheduledFuture<?> _ =
                    timer.schedule(
                            () -> stopIfDeserted(id, visits),
                            settings.detachedMax().toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    private void stopIfDeserted(String id, long visits) {
        Run run = live.get(id);
        if (run != null && run.isDesertedSince(visits)) {
            run.stop(Run.Stop.CANCELLED);
        }
    }

    /// Finds a run in progress by its id, its completion's id or its session's id, which means the
    /// one at work there.
    public Optional<Run> find(String tenant, String id) {
        return Optional.ofNullable(live.get(Ids.Runs.runId(id)))
                .or(() -> turns.atWork(id))
                .filter(run -> run.info().tenant().equals(tenant));
    }

    /// Those of a tenant, in no order.
    public List<Run> of(String tenant) {
        return live.values().stream().filter(run -> run.info().tenant().equals(tenant)).toList();
    }

    /// Stops the run that an id names as [#find] does, and waits until it has ended, for at most
    /// `runs.stop-limit`. Returns it; empty where there is none in progress.
    public Optional<Run> cancel(String tenant, String id) throws InterruptedException {
        Optional<Run> found = find(tenant, id);
        if (found.isPresent()) {
            found.get().stop(Run.Stop.CANCELLED);
            boolean _ = found.get().awaitEnd(settings.stopLimit());
        }
        return found;
    }

    /// Stops everything in a session, also what waits, and waits until it has ended, for at most
    /// `runs.stop-limit` each.
    public void cancelAll(String tenant, String sessionId) throws InterruptedException {
        List<Run> all =
                turns.all(sessionId).stream()
                        .filter(run -> run.info().tenant().equals(tenant))
                        .toList();
        // those that wait first, so that none of them begins
        for (Run run : all.reversed()) {
            run.stop(Run.Stop.CANCELLED);
        }
        for (Run run : all) {
            boolean _ = run.awaitEnd(settings.stopLimit());
        }
    }

    /// How many sessions have a run in progress.
    public int activeSessions() {
        return turns.sessions();
    }

    public int size() {
        return live.size();
    }

    /// Waits until every run has ended; stops those that have not after `limit`.
    public void drain(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        for (Run run : live.values()) {
            boolean _ = run.awaitEnd(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
        // those that wait first, so that none of them begins
        live.values().stream()
                .filter(run -> run.state() == RunState.QUEUED)
                .forEach(run -> run.stop(Run.Stop.SHUTDOWN));
        for (Run run : live.values()) {
            run.stop(Run.Stop.SHUTDOWN);
        }
        for (Run run : live.values()) {
            boolean _ = run.awaitEnd(settings.stopLimit());
        }
    }

    /// Ends what wakes the readers of runs; called when there are none.
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
