package dev.tandem.run;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.id.Ids;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;

/// The runs in progress. Safe for use by many threads.
public final class Runs implements AutoCloseable {
    private final RunSettings settings;
    private final ConcurrentHashMap<String, Run> live = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Run> bySession = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor timer;

    public Runs(RunSettings settings) {
        this.settings = settings;
        this.timer =
                new ScheduledThreadPoolExecutor(
                        1,
                        Thread.ofPlatform().daemon().name("run-timer").factory(),
                        new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true);
    }

    /// Makes a run known. Whoever calls this calls [#leave] when the run has ended.
    ///
    /// @throws Failure OVERLOADED where too many runs are in progress; RUN_IN_PROGRESS, naming the
    ///     run, where the session is answering already
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
        info.sessionId().ifPresent(session -> claim(session, run));
        live.put(info.id(), run);
        return run;
    }

    private void claim(String session, Run run) {
        Run before = bySession.putIfAbsent(session, run);
        if (before != null) {
            throw new Failure(
                            FailureCode.RUN_IN_PROGRESS,
                            "The session is answering already; wait for the run "
                                    + before.info().id()
                                    + " or cancel it.")
                    .withRun(before.info().id());
        }
    }

    /// Forgets a run.
    public void leave(Run run) {
        live.remove(run.info().id(), run);
        run.info().sessionId().ifPresent(session -> bySession.remove(session, run));
    }

    /// Finds a run in progress by its id, its completion's id or its session's id.
    public Optional<Run> find(String tenant, String id) {
        Run byRun = live.get(Ids.Runs.runId(id));
        return Optional.ofNullable(byRun == null ? bySession.get(id) : byRun)
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

    /// How many sessions have a run in progress.
    public int activeSessions() {
        return bySession.size();
    }

    public int size() {
        return live.size();
    }

    /// Waits until every run has ended; stops those that have not after `limit`.
    public void drain(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        for (Run run : List.copyOf(live.values())) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            if (!run.awaitEnd(left)) {
                run.stop(Run.Stop.SHUTDOWN);
            }
        }
        for (Run run : List.copyOf(live.values())) {
            run.awaitEnd(settings.stopLimit());
        }
    }

    /// Ends what wakes the readers of runs; called when there are none.
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
