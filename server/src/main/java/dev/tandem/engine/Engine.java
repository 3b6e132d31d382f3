package dev.tandem.engine;

import dev.tandem.conversation.Message;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.id.Ids;
import dev.tandem.observe.RunObserver;
import dev.tandem.provider.ModelEvent;
import dev.tandem.provider.ModelStream;
import dev.tandem.run.AnswerBuilder;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunInfo;
import dev.tandem.run.RunRecord;
import dev.tandem.run.RunStore;
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
    private final SessionStore sessions;
    private final RunObserver observer;
    private final Ids ids;
    private final InstantSource clock;

    public Engine(
            Runs runs,
            RunStore store,
            SessionStore sessions,
            RunObserver observer,
            Ids ids,
            InstantSource clock) {
        this.runs = runs;
        this.store = store;
        this.sessions = sessions;
        this.observer = observer;
        this.ids = ids;
        this.clock = clock;
    }

    /// Begins to answer, and returns the run that does. The question is durable by then.
    ///
    /// @throws Failure RUN_IN_PROGRESS where the session is answering already; OVERLOADED where the
    ///     server is at work on too many answers
    public Run start(Plan plan) {
        RunInfo info = info(plan);
        Run run = runs.enter(info);
        try {
            remember(plan, info);
        } catch (RuntimeException refused) {
            runs.leave(run);
            throw refused;
        }
        run.log().append(new RunEvent.Started(info));
        Runnable life = underSameRequest(() -> work(run, plan));
        Thread.ofVirtual().name(info.id()).start(life);
        return run;
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

    private RunInfo info(Plan plan) {
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
                plan.session().isPresent(),
                plan.call().ignoredParameters());
    }

    private void remember(Plan plan, RunInfo info) {
        if (plan.session().isEmpty()) {
            return;
        }
        Session session = plan.session().get();
        if (plan.sessionIsNew()) {
            sessions.create(session);
        }
        List<StoredMessage> questions =
                plan.questions().stream()
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
        try {
            end = keep(run, ending, answer, now);
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
            store.finish(RunRecord.begun(run.info()).ended(end, now), List.of(), false);
        } catch (RuntimeException broken) {
            LOG.error("run {} could not be stored", run.info().id(), broken);
        } finally {
            runs.leave(run);
        }
        return end;
    }

    /// Stores the end of a session's run, before anybody sees it: what a client was told is
    // durable.
    private RunEvent.End keep(Run run, Ending ending, AnswerBuilder answer, Instant now) {
        RunInfo info = run.info();
        Optional<StoredMessage> message =
                ending.message(answer)
                        .map(
                                said ->
                                        stored(
                                                info,
                                                said,
                                                ending.end().bill().usage().outputTokens()));
        RunEvent.End end = ending.withMessage(message.map(StoredMessage::id));
        store.finish(
                RunRecord.begun(info).ended(end, now),
                message.stream().toList(),
                ending.forgetsQuestions());
        return end;
    }

    private static Failure internal(Throwable unexpected) {
        return new Failure(
                FailureCode.INTERNAL,
                "Something went wrong in the server; its log has the run's id.",
                unexpected);
    }
}
