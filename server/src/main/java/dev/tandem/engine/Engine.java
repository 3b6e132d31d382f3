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
import dev.tandem.run.RunState;
import dev.tandem.run.RunStore;
import dev.tandem.run.RunTerms;
import dev.tandem.run.Runs;
import dev.tandem.session.Session;
import dev.tandem.session.SessionStore;
import dev.tandem.session.StoredMessage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Answers questions. Each answer is made by a virtual thread of its own, which owns the call to
/// the provider and writes the run's log; the caller reads that log, or leaves.
public final class Engine {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

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

    /// The run that a request with this key began, if it was the same request.
    ///
    /// @throws Failure IDEMPOTENCY_CONFLICT where it was another one
    public Optional<Begun> begunBefore(String tenant, RunKey key) {
        Optional<RunRecord> known = store.findByKey(tenant, key.text());
        known.flatMap(run -> run.info().terms().key())
                .ifPresent(before -> before.requireSame(key.requestHash()));
        return known.flatMap(
                run ->
                        run.state().ended()
                                ? Optional.of(new Begun.Before(run))
                                : runs.find(tenant, run.info().id()).map(Begun.Live::new));
    }

    /// Begins to answer, and returns the run that does: where the same request has begun one, that
    /// one. The question of a kept run is durable by then, unless it waits for its turn.
    ///
    /// @throws Failure RUN_IN_PROGRESS where the session is answering already and the question does
    ///     not wait; IDEMPOTENCY_CONFLICT where its key is another's; OVERLOADED where the server
    ///     is at work on too many answers
    public Begun start(Plan plan, RunTerms terms) {
        RunInfo info = info(plan, terms);
        Run run = runs.enter(info);
        if (run.info() != info) {
            return new Begun.Live(run);
        }
        boolean waits = run.state() == RunState.QUEUED;
        try {
            Optional<Begun> before = terms.key().flatMap(key -> begunBefore(info.tenant(), key));
            if (before.isPresent()) {
                forget(run, new Failure(FailureCode.RUN_IN_PROGRESS, "Ask again."));
                return before.get();
            }
            if (waits) {
                store.queue(RunRecord.begun(info));
            } else {
                remember(plan, info);
            }
        } catch (RuntimeException refused) {
            forget(run, told(refused));
            throw refused;
        }
        if (!waits) {
            run.log().append(new RunEvent.Started(info));
        }
        if (info.kept()) {
            archiver.add(run);
        }
        Runnable life =
                underSameRequest(
                        () -> {
                            if (waits) {
                                workInTurn(run, plan);
                            } else {
                                work(run, plan);
                            }
                        });
        Thread.ofVirtual().name(info.id()).start(life);
        return new Begun.Live(run);
    }

    /// Drops a run that did not begin. Somebody with the same key may have found it already.
    private void forget(Run run, Failure why) {
        runs.leave(run);
        run.end(new RunEvent.Failed(why, RunEvent.Bill.NONE), clock.instant());
    }

    /// The run begins when its session has answered what came before, and takes that into account.
    private void workInTurn(Run run, Plan plan) {
        Plan current;
        try {
            if (!run.workOn(Thread.currentThread())) {
                throw new InterruptedException();
            }
            run.awaitTurn();
            current = planner.plan(plan.question());
            remember(current, run.info());
            run.log().append(new RunEvent.Started(run.info()));
        } catch (InterruptedException stopped) {
            finish(run, plan, new Outcome.Stopped());
            return;
        } catch (RuntimeException refused) {
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

    private static Failure told(RuntimeException refused) {
        return refused instanceof Failure failure ? failure : internal(refused);
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
        store.finish(
                RunRecord.begun(info).ended(end, now).lastAt(info.cursor(run.log().size() + 1)),
                message.stream().toList(),
                ending.forgetsQuestions(),
                rest);
        return end;
    }

    private static Failure internal(Throwable unexpected) {
        return new Failure(
                FailureCode.INTERNAL,
                "Something went wrong in the server; its log has the run's id.",
                unexpected);
    }
}
