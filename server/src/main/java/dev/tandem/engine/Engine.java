package dev.tandem.engine;

import dev.tandem.conversation.Message;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.id.Ids;
import dev.tandem.observe.RunObserver;
import dev.tandem.provider.ModelEvent;
import dev.tandem.provider.ModelStream;
import dev.tandem.run.AnswerBuilder;
import dev.tandem.run.Archiver;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunInfo;
import dev.tandem.run.RunKey;
import dev.tandem.run.RunRecord;
import dev.tandem.run.RunSegment;
import dev.tandem.run.RunStore;
import dev.tandem.run.RunTerms;
import dev.tandem.run.Runs;
import dev.tandem.session.Session;
import dev.tandem.session.SessionStore;
import dev.tandem.session.StoredMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Answers questions. Each answer is made by a virtual thread of its own, which owns the call to
/// the provider and writes the run's log; the caller reads that log, or leaves.
public final class Engine {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    private static final int STORE_ATTEMPTS = 8;

    /// Before the second attempt; before the third twice as long, and so on.
    private static final Duration STORE_PAUSE = Duration.ofMillis(50);

    private final KeyLocks sameKey = new KeyLocks();
    private final Runs runs;
    private final RunStore store;
    private final Archiver archiver;
    private final Planner planner;
    private final SessionStore sessions;
    private final RunObserver observer;
    private final Ids ids;
    private final InstantSource clock;
    private final int epoch;

    /// @param epoch the server's life, as the store counts them
    public Engine(
            Runs runs,
            RunStore store,
            Archiver archiver,
            Planner planner,
            SessionStore sessions,
            RunObserver observer,
            Ids ids,
            InstantSource clock,
            int epoch) {
        this.runs = runs;
        this.store = store;
        this.archiver = archiver;
        this.planner = planner;
        this.epoch = epoch;
        this.sessions = sessions;
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

    /// Begins a run of its own.
    Run start(Plan plan, RunTerms terms) {
        RunInfo info = info(plan, terms);
        Run run = runs.enter(info);
        Plan current = plan;
        try {
            if (run.cameLater()) {
                store.queue(RunRecord.begun(info));
            } else {
                // what came before may have ended after the plan was made
                current = planner.isCurrent(plan) ? plan : planner.again(plan);
                remember(current, info);
                run.log().append(new RunEvent.Started(info));
            }
        } catch (RuntimeException refused) {
            forget(run, refused);
            throw refused;
        }
        if (info.kept()) {
            archiver.add(run);
        }
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
            remember(current, run.info());
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

    private void remember(Plan plan, RunInfo info) {
        if (!info.kept()) {
            return;
        }
        if (plan.sessionIsNew()) {
            plan.session().ifPresent(sessions::create);
        }
        List<StoredMessage> questions =
                plan.session().isEmpty()
                        ? List.of()
                        : plan.questions().stream()
                                .map(message -> stored(info, message, TokenEstimate.of(message)))
                                .toList();
        store.begin(RunRecord.begun(info), questions, Title.of(plan.questions()));
    }

    private StoredMessage stored(RunInfo info, Message message, long tokens) {
        return new StoredMessage(
                ids.message(),
                info.sessionId().orElseThrow(),
                Optional.of(info.id()),
                message,
                tokens,
                clock.instant());
    }

    /// The life of a run, on its own thread.
    private void work(Run run, Plan plan) {
        RunClock watch = new RunClock(run.info(), observer);
        AnswerBuilder answer = new AnswerBuilder();
        Progress progress = new Progress(run, answer, watch);
        Outcome outcome;
        try {
            outcome = ask(run, plan, progress);
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

    private Outcome ask(Run run, Plan plan, Progress progress) throws InterruptedException {
        if (!run.workOn(Thread.currentThread())) {
            return new Outcome.Stopped();
        }
        try (ModelStream stream = plan.call().open()) {
            while (true) {
                ModelEvent event = stream.next();
                if (event instanceof ModelEvent.Finished finished) {
                    progress.completeArguments();
                    return new Outcome.Whole(finished);
                }
                progress.add(event);
            }
        }
    }

    private void finish(Run run, Plan plan, Progress progress, Outcome outcome, RunClock watch) {
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
        Optional<RunSegment> rest = archiver.take(run);
        try {
            end = keep(run, ending, answer, rest, now);
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
            store.finish(
                    RunRecord.begun(run.info()).ended(end, now),
                    List.of(),
                    false,
                    Optional.empty());
        } catch (RuntimeException broken) {
            LOG.error("run {} could not be stored", run.info().id(), broken);
        } finally {
            runs.leave(run);
        }
        return end;
    }

    /// Stores the end of a session's run, before anybody sees it: what a client was told is
    // durable.
    private RunEvent.End keep(
            Run run, Ending ending, AnswerBuilder answer, Optional<RunSegment> rest, Instant now) {
        RunInfo info = run.info();
        Optional<StoredMessage> message =
                ending.message(answer)
                        .filter(_ -> info.sessionId().isPresent())
                        .map(
                                said ->
                                        stored(
                                                info,
                                                said,
                                                ending.end().bill().usage().outputTokens()));
        RunEvent.End end = ending.withMessage(message.map(StoredMessage::id));
        RunRecord record =
                RunRecord.begun(info).ended(end, now).lastAt(info.cursor(run.log().size() + 1));
        untilStored(
                info.id(),
                () ->
                        store.finish(
                                record,
                                message.stream().toList(),
                                ending.forgetsQuestions(),
                                rest));
        return end;
    }

    /// An end that is not stored leaves its session busy, so it is worth some patience.
    private static void untilStored(String run, Runnable storing) {
        for (int attempt = 1; attempt < STORE_ATTEMPTS; attempt++) {
            try {
                storing.run();
                return;
            } catch (RuntimeException broken) {
                LOG.warn("run {} could not be stored; trying again", run, broken);
                LockSupport.parkNanos(STORE_PAUSE.multipliedBy(attempt).toNanos());
            }
        }
        storing.run();
    }

    private static Failure internal(Throwable unexpected) {
        return new Failure(
                FailureCode.INTERNAL,
                "Something went wrong in the server; its log has the run's id.",
                unexpected);
    }
}
