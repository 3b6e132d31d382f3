package dev.tandem.engine;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.id.Ids;
import dev.tandem.observe.RunObserver;
import dev.tandem.run.AnswerBuilder;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunInfo;
import dev.tandem.run.RunKey;
import dev.tandem.run.RunRecord;
import dev.tandem.run.RunStore;
import dev.tandem.run.RunTerms;
import dev.tandem.run.Runs;
import dev.tandem.session.Session;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Answers questions. Each answer is made by a virtual thread of its own, which owns the call to
/// the provider and writes the run's log; the caller reads that log, or leaves.
public final class Engine {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    private final KeyLocks sameKey = new KeyLocks();
    private final Runs runs;
    private final RunStore store;
    private final RunBooks books;
    private final Planner planner;
    private final ServerTools tools;
    private final RunObserver observer;
    private final Ids ids;
    private final InstantSource clock;
    private final int epoch;

    /// @param epoch the server's life, as the store counts them
    public Engine(
            Runs runs,
            RunStore store,
            RunBooks books,
            Planner planner,
            ServerTools tools,
            RunObserver observer,
            Ids ids,
            InstantSource clock,
            int epoch) {
        this.runs = runs;
        this.store = store;
        this.books = books;
        this.planner = planner;
        this.tools = tools;
        this.epoch = epoch;
        this.observer = observer;
        this.ids = ids;
        this.clock = clock;
    }

    /// Begins to answer: where the same request has begun a run before, with that one. The question
    /// of a kept run is durable by then, unless it waits for its turn.
    ///
    /// @param plan makes the plan of a new run
    /// @throws Failure RUN_IN_PROGRESS where the session is answering already and the question does
    ///     not wait; IDEMPOTENCY_CONFLICT where its key is another request's; OVERLOADED where the
    ///     server is at work on too many answers
    public Begun begin(String tenant, RunTerms terms, Supplier<Plan> plan) {
        if (terms.key().isEmpty()) {
            return new Begun.Live(start(plan.get(), terms));
        }
        RunKey key = terms.key().get();
        Lock turn = sameKey.of(tenant, key);
        turn.lock();
        try {
            return begunBefore(tenant, key)
                    .orElseGet(() -> new Begun.Live(start(plan.get(), terms)));
        } finally {
            turn.unlock();
        }
    }

    private Optional<Begun> begunBefore(String tenant, RunKey key) {
        Optional<RunRecord> known = store.findByKey(tenant, key.text());
        known.flatMap(run -> run.info().terms().key())
                .ifPresent(before -> before.requireSame(key.requestHash()));
        return known.flatMap(this::begun);
    }

    /// A run that is neither known as live nor as ended has ended in between.
    private Optional<Begun> begun(RunRecord run) {
        RunInfo info = run.info();
        return run.state().ended()
                ? Optional.of(new Begun.Before(run))
                : runs.find(info.tenant(), info.id())
                        .<Begun>map(Begun.Live::new)
                        .or(
                                () ->
                                        store.find(info.tenant(), info.id())
                                                .filter(now -> now.state().ended())
                                                .map(Begun.Before::new));
    }

    /// The plan as it would be sent: with this server's tools, whose servers are started for that.
    /// Nothing is asked.
    public Plan shown(Plan plan) throws InterruptedException {
        return planner.offering(plan, tools.offer(plan, Optional.empty()));
    }

    /// Begins a run of its own.
    Run start(Plan plan, RunTerms terms) {
        RunInfo info = info(plan, terms);
        Run run = runs.enter(info);
        Plan current = plan;
        try {
            if (run.cameLater()) {
                books.queue(info);
            } else {
                // what came before may have ended after the plan was made
                current = planner.isCurrent(plan) ? plan : planner.again(plan);
                books.open(current, info);
                run.log().append(new RunEvent.Started(info));
            }
        } catch (RuntimeException refused) {
            forget(run, refused);
            throw refused;
        }
        books.follow(run);
        Plan ready = current;
        Runnable life = run.cameLater() ? () -> workInTurn(run, plan) : () -> work(run, ready);
        Thread.ofVirtual().name(info.id()).start(underSameRequest(life));
        return run;
    }

    /// Drops a run that did not begin. Somebody may wait for its end already.
    private void forget(Run run, RuntimeException refused) {
        runs.leave(run);
        run.end(new RunEvent.Failed(told(refused), RunEvent.Bill.NONE), clock.instant());
    }

    /// The run begins when its session has answered what came before, and takes that into account.
    /// Its question becomes part of the session then.
    private void workInTurn(Run run, Plan plan) {
        Plan current;
        try {
            if (!run.workOn(Thread.currentThread())) {
                throw new InterruptedException();
            }
            run.awaitTurn();
            current = planner.again(plan);
            books.open(current, run.info());
            run.log().append(new RunEvent.Started(run.info()));
        } catch (InterruptedException stopped) {
            finish(run, plan, new Outcome.Stopped());
            return;
        } catch (RuntimeException | Error refused) {
            finish(run, plan, new Outcome.Broken(told(refused)));
            return;
        }
        work(run, current);
    }

    /// The end of a run that never asked its model.
    private void finish(Run run, Plan plan, Outcome outcome) {
        RunClock watch = new RunClock(run.info(), observer);
        Progress progress = new Progress(run, new AnswerBuilder(), watch);
        finish(run, plan, progress, outcome, watch);
    }

    private static Failure told(Throwable refused) {
        if (refused instanceof Failure failure) {
            return failure;
        }
        LOG.error("a run could not begin", refused);
        return internal(refused);
    }

    /// Log lines of a run name the request that began it.
    private static Runnable underSameRequest(Runnable life) {
        Map<String, String> request = MDC.getCopyOfContextMap();
        return () -> {
            if (request != null) {
                MDC.setContextMap(request);
            }
            life.run();
        };
    }

    private RunInfo info(Plan plan, RunTerms terms) {
        Question question = plan.question();
        return new RunInfo(
                ids.run(),
                question.caller().tenant(),
                question.caller().keyName(),
                plan.session().map(Session::id),
                plan.session().flatMap(Session::projectId),
                plan.model().id(),
                plan.model().provider(),
                clock.instant(),
                plan.session().isPresent() || terms.background() || terms.key().isPresent(),
                epoch,
                terms,
                plan.call().ignoredParameters());
    }

    /// The life of a run, on its own thread.
    private void work(Run run, Plan plan) {
        RunClock watch = new RunClock(run.info(), observer);
        AnswerBuilder answer = new AnswerBuilder();
        Progress progress = new Progress(run, answer, watch);
        Outcome outcome;
        try {
            outcome =
                    run.workOn(Thread.currentThread())
                            ? new AnswerLoop(run, plan, planner, tools, progress, books).run()
                            : new Outcome.Stopped();
        } catch (Failure failure) {
            outcome = new Outcome.Broken(failure);
        } catch (InterruptedException stopped) {
            outcome = new Outcome.Stopped();
        } catch (RuntimeException | Error unexpected) {
            LOG.error("run {} failed unexpectedly", run.info().id(), unexpected);
            outcome = new Outcome.Broken(internal(unexpected));
        }
        finish(run, plan, progress, outcome, watch);
    }

    private void finish(Run run, Plan plan, Progress progress, Outcome outcome, RunClock watch) {
        progress.end();
        Optional<Run.Stop> stop = run.beginEnding();
        Instant now = clock.instant();
        Ending ending = Ending.of(outcome, stop, progress, plan.model());
        RunEvent.End end =
                run.info().kept()
                        ? endKept(run, ending, progress.answer(), now)
                        : endPassing(run, ending.end(), now);
        watch.ended(end);
    }

    /// Whoever sees the end of a session's run can ask the next question at once.
    private RunEvent.End endKept(Run run, Ending ending, AnswerBuilder answer, Instant now) {
        RunEvent.End end;
        try {
            end = books.close(run, ending, answer, now);
        } catch (RuntimeException broken) {
            LOG.error("run {} could not be stored", run.info().id(), broken);
            end = new RunEvent.Failed(internal(broken), ending.end().bill());
        }
        runs.leave(run);
        run.end(end, now);
        return end;
    }

    /// Nobody waits for the books of a run without a session.
    private RunEvent.End endPassing(Run run, RunEvent.End end, Instant now) {
        run.end(end, now);
        try {
            books.note(run.info(), end, now);
        } catch (RuntimeException broken) {
            LOG.error("run {} could not be stored", run.info().id(), broken);
        } finally {
            runs.leave(run);
        }
        return end;
    }

    private static Failure internal(Throwable unexpected) {
        return new Failure(
                FailureCode.INTERNAL,
                "Something went wrong in the server; its log has the run's id.",
                unexpected);
    }
}
