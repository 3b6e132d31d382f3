package dev.tandem.engine;

import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import dev.tandem.id.Ids;
import dev.tandem.run.AnswerBuilder;
import dev.tandem.run.Archiver;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunInfo;
import dev.tandem.run.RunRecord;
import dev.tandem.run.RunSegment;
import dev.tandem.run.RunState;
import dev.tandem.run.RunStore;
import dev.tandem.session.SessionStore;
import dev.tandem.session.StoredMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the books of runs: what is stored when one begins, while it goes on and when it ends, and
/// the messages that it adds to its session.
public final class RunBooks {
    private static final Logger LOG = LoggerFactory.getLogger(RunBooks.class);
    private static final int STORE_ATTEMPTS = 8;

    /// Before the second attempt; before the third twice as long, and so on.
    private static final Duration STORE_PAUSE = Duration.ofMillis(50);

    private final RunStore store;
    private final Archiver archiver;
    private final SessionStore sessions;
    private final Ids ids;
    private final InstantSource clock;

    public RunBooks(
            RunStore store,
            Archiver archiver,
            SessionStore sessions,
            Ids ids,
            InstantSource clock) {
        this.store = store;
        this.archiver = archiver;
        this.sessions = sessions;
        this.ids = ids;
        this.clock = clock;
    }

    /// Stores a run that waits for its turn.
    void queue(RunInfo info) {
        store.queue(RunRecord.begun(info));
    }

    /// Stores a kept run that begins, its session where that is new, and the question.
    void open(Plan plan, RunInfo info) {
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

    /// Stores what a kept run says from now on.
    void follow(Run run) {
        if (run.info().kept()) {
            archiver.add(run);
        }
    }

    /// Stores whether a kept run waits for people. A list that shows it late does no harm, so the
    /// run goes on where that fails.
    void stand(Run run, RunState state) {
        if (!run.info().kept()) {
            return;
        }
        try {
            store.stand(run.info().tenant(), run.info().id(), state);
        } catch (RuntimeException broken) {
            LOG.warn("it could not be stored that {} is {}", run.info().id(), state, broken);
        }
    }

    /// Stores a run that is not kept, after its end.
    void note(RunInfo info, RunEvent.End end, Instant now) {
        store.finish(RunRecord.begun(info).ended(end, now), List.of(), false, Optional.empty());
    }

    /// Stores the end of a kept run, before anybody sees it: what a client was told is durable.
    ///
    /// @return the end as it is told, which names the message that the session keeps
    RunEvent.End close(Run run, Ending ending, AnswerBuilder answer, Instant now) {
        RunInfo info = run.info();
        Optional<RunSegment> rest = archiver.take(run);
        List<StoredMessage> messages =
                info.sessionId().isEmpty() ? List.of() : stored(info, ending, answer);
        RunEvent.End end =
                ending.withMessage(
                        messages.reversed().stream()
                                .filter(said -> said.message().role() == Role.ASSISTANT)
                                .map(StoredMessage::id)
                                .findFirst());
        RunRecord record =
                RunRecord.begun(info).ended(end, now).lastAt(info.cursor(run.log().size() + 1));
        untilStored(
                info.id(), () -> store.finish(record, messages, ending.forgetsQuestions(), rest));
        return end;
    }

    /// What an answer has used is counted as a whole; of one of several turns it is estimated.
    private List<StoredMessage> stored(RunInfo info, Ending ending, AnswerBuilder answer) {
        List<Message> said = ending.messages(answer);
        long used = ending.end().bill().usage().outputTokens();
        return said.stream()
                .map(one -> stored(info, one, said.size() == 1 ? used : TokenEstimate.of(one)))
                .toList();
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
}
