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
    private final ConcurrentHashMap<Claim, Run> byKey = new ConcurrentHashMap<>();
    private final Turns turns;
    private final ScheduledThreadPoolExecutor timer;

    private record Claim(String tenant, String key) {}

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

    /// Makes a run known, and lines it up in its session. Whoever calls this calls [#leave] when the
    /// run has ended, unless the run that comes back is another: one in progress with the same key.
    ///
    /// @throws Failure OVERLOADED where too many runs are in progress; IDEMPOTENCY_CONFLICT where
    ///     the key is that of another request; RUN_IN_PROGRESS, naming the run, where the session is
    ///     answering already and this one does not wait
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
        Optional<Run> same = claim(run);
        if (same.isPresent()) {
            return same.get();
        }
        try {
            lineUp(run);
        } catch (Failure refused) {
            release(run);
            throw refused;
        }
        live.put(info.id(), run);
        return run;
    }

    private Optional<Run> claim(Run run) {
        Optional<Run> known = claimOf(run).map(claim -> byKey.putIfAbsent(claim, run));
        known.flatMap(same -> same.info().terms().key())
                .ifPresent(key -> run.info().terms().key().ifPresent(k -> key.requireSame(k.requestHash())));
        return known;
    }

    private void release(Run run) {
        claimOf(run).ifPresent(claim -> byKey.remove(claim, run));
    }

    private static Optional<Claim> claimOf(Run run) {
        return run.info().terms().key().map(key -> new Claim(run.info().tenant(), key.text()));
    }

    private void lineUp(Run run) {
        Optional<String> session = run.info().sessionId();
        int ahead =
                session.isPresent()
                        ? turns.enter(session.get(), run, run.info().terms().queue())
                        : 0;
        if (ahead == 0) {
            run.beginTurn();
        } else {
            run.log().append(new RunEvent.Queued(ahead));
        }
    }

    /// Forgets a run, and lets the next of its session begin.
    public void leave(Run run) {
        live.remove(run.info().id(), run);
        release(run);
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
            ScheduledFuture<?> _ =
                    timer.schedule(
                            () -> stopIfDeserted(run, visits),
                            settings.detachedMax().toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    private static void stopIfDeserted(Run run, long visits) {
        if (run.isDesertedSince(visits)) {
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
