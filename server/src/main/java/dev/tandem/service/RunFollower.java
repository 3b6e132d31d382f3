package dev.tandem.service;

import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import dev.tandem.failure.Failure;
import dev.tandem.id.Ids;
import dev.tandem.rpc.Call;
import dev.tandem.rpc.Sink;
import dev.tandem.run.AnswerBuilder;
import dev.tandem.run.ArchiveReader;
import dev.tandem.run.Run;
import dev.tandem.run.RunArchive;
import dev.tandem.run.RunCursor;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunInfo;
import dev.tandem.run.RunReader;
import dev.tandem.run.RunRecord;
import dev.tandem.run.RunState;
import dev.tandem.run.RunStore;
import dev.tandem.run.Runs;
import dev.tandem.session.SessionStore;
import dev.tandem.session.StoredMessage;
import dev.tandem.v1.ResumeVerdict;
import dev.tandem.v1.WatchRunRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Reads logs of runs for clients: those in progress as they grow, those that have ended from the
/// archive. Between what was stored and what comes there is no hole, for both are the same log.
public final class RunFollower {
    private final Runs runs;
    private final RunStore store;
    private final RunArchive archive;
    private final SessionStore sessions;
    private final Duration heartbeat;

    /// @param heartbeat the silence after which a reader gets a sign of life
    public RunFollower(
            Runs runs,
            RunStore store,
            RunArchive archive,
            SessionStore sessions,
            Duration heartbeat) {
        this.runs = runs;
        this.store = store;
        this.archive = archive;
        this.sessions = sessions;
        this.heartbeat = heartbeat;
    }

    /// Follows a run from where a client left it. The verdict comes first.
    void watch(Call call, WatchRunRequest request, Sink<dev.tandem.v1.RunEvent> answers)
            throws InterruptedException {
        Optional<RunCursor> after =
                request.hasAfter() ? RunCursor.parse(request.getAfter()) : Optional.empty();
        String id =
                request.getRunId().isEmpty()
                        ? after.map(RunCursor::runId).orElseThrow(() -> absent(request))
                        : Ids.Runs.runId(request.getRunId());
        Place place =
                new Place(request.hasAfter(), after.filter(cursor -> cursor.runId().equals(id)));
        Optional<Run> live =
                runs.find(call.tenant(), id)
                        .filter(run -> run.info().id().equals(id) && run.info().kept());
        if (live.isPresent()) {
            watch(live.get(), place, answers);
        } else {
            RunRecord ended =
                    store.find(call.tenant(), id)
                            .filter(run -> run.info().kept() && run.state().ended())
                            .orElseThrow(() -> absent(request));
            watch(ended, place, answers);
        }
    }

    /// Where a client stands.
    ///
    /// @param asked whether it said so
    /// @param cursor what it said; empty where that is not a cursor of this run
    private record Place(boolean asked, Optional<RunCursor> cursor) {
        /// The number of the last event that it has seen, if those after it can follow.
        ///
        /// @param epoch the run's
        /// @param lastMax the number of the last event that this epoch has
        Optional<Long> seen(int epoch, long lastMax) {
            if (!asked) {
                return Optional.of(0L);
            }
            return cursor.filter(seen -> seen.epoch() == epoch && seen.number() <= lastMax)
                    .map(RunCursor::number);
        }
    }

    private static Failure absent(WatchRunRequest request) {
        return request.getRunId().isEmpty()
                ? Failure.notFound("after", "after is the cursor of no run that there is.")
                : Failure.notFound(
                        "run_id",
                        "There is no run " + request.getRunId() + " that can be followed.");
    }

    private void watch(Run run, Place place, Sink<dev.tandem.v1.RunEvent> answers)
            throws InterruptedException {
        runs.attach(run);
        try {
            Optional<Long> seen = place.seen(run.info().epoch(), run.log().size());
            RunReader reader = run.log().readAfter(seen.orElse(0L));
            if (seen.isPresent()) {
                sayOk(run.info(), run.state(), answers);
                answers.flush();
                if (endsAt(run, reader)) {
                    tellAgain(
                            run.log().end().orElseThrow(), run.info().cursor(seen.get()), answers);
                    answers.flush();
                    return;
                }
            } else {
                AnswerBuilder answer = new AnswerBuilder();
                List<RunEvent> before = reader.ready();
                before.forEach(answer::add);
                say(
                        run.info(),
                        run.state(),
                        ResumeVerdict.RESUME_VERDICT_GAP,
                        said(answer),
                        answers);
                if (!before.isEmpty() && before.getLast() instanceof RunEvent.End end) {
                    send(run.info(), end, reader.number(), answers);
                    answers.flush();
                    return;
                }
                answers.flush();
            }
            follow(run, reader, answers, true);
        } finally {
            runs.detach(run);
        }
    }

    private static boolean endsAt(Run run, RunReader reader) {
        return run.log().end().isPresent() && reader.number() == run.log().size();
    }

    /// Follows a run from its beginning, for whoever asked for it.
    ///
    /// @throws Failure what the run failed with before it said anything
    void follow(Run run, Sink<dev.tandem.v1.RunEvent> answers) throws InterruptedException {
        runs.attach(run);
        try {
            follow(run, run.log().readAfter(0), answers, false);
        } finally {
            runs.detach(run);
        }
    }

    private void follow(
            Run run, RunReader reader, Sink<dev.tandem.v1.RunEvent> answers, boolean tellsFailures)
            throws InterruptedException {
        boolean spoke = tellsFailures;
        long number = reader.number();
        while (true) {
            List<RunEvent> news = reader.next(heartbeat);
            if (news.isEmpty()) {
                answers.send(RunEvents.heartbeat(run.info().id()));
            }
            for (RunEvent event : news) {
                if (event instanceof RunEvent.Failed failed && !spoke) {
                    throw failed.failure();
                }
                spoke |= !(event instanceof RunEvent.Started || event instanceof RunEvent.Queued);
                send(run.info(), event, ++number, answers);
            }
            answers.flush();
            if (!news.isEmpty() && news.getLast() instanceof RunEvent.End) {
                return;
            }
        }
    }

    /// Tells a run that has ended.
    ///
    /// @throws Failure what it failed with, where it is told from the beginning and failed before
    ///     it said anything
    void tell(RunRecord run, Sink<dev.tandem.v1.RunEvent> answers) throws InterruptedException {
        RunCursor last = run.last().orElseThrow(() -> forgotten(run));
        replay(run.info(), 0, answers);
        send(run.end(), last, answers);
        answers.flush();
    }

    private void watch(RunRecord run, Place place, Sink<dev.tandem.v1.RunEvent> answers)
            throws InterruptedException {
        if (run.last().isEmpty()) {
            say(run.info(), run.state(), ResumeVerdict.RESUME_VERDICT_GAP, stored(run), answers);
            answers.send(RunEvents.wire(run.info().id(), run.end(), Optional.empty()));
            answers.flush();
            return;
        }
        RunCursor last = run.last().get();
        boolean sawTheEnd = place.cursor().filter(last::equals).isPresent();
        Optional<Long> seen = place.seen(run.info().epoch(), last.number() - 1);
        if (seen.isPresent() || sawTheEnd) {
            sayOk(run.info(), run.state(), answers);
            if (seen.isPresent()) {
                replay(run.info(), seen.get(), answers);
            }
        } else {
            say(
                    run.info(),
                    run.state(),
                    ResumeVerdict.RESUME_VERDICT_GAP,
                    said(fold(run.info())),
                    answers);
        }
        if (sawTheEnd) {
            tellAgain(run.end(), last, answers);
        } else {
            send(run.end(), last, answers);
        }
        answers.flush();
    }

    /// Behind the end of a run that completed there is nothing to tell. Why another run ended is
    /// told again: a reader who lost that must not take it for a stream that broke off.
    private static void tellAgain(
            RunEvent.End end, RunCursor place, Sink<dev.tandem.v1.RunEvent> answers)
            throws InterruptedException {
        if (!(end instanceof RunEvent.Completed)) {
            send(end, place, answers);
        }
    }

    private void replay(RunInfo run, long after, Sink<dev.tandem.v1.RunEvent> answers)
            throws InterruptedException {
        ArchiveReader stored = new ArchiveReader(archive, run, after);
        long number = after;
        for (List<RunEvent> page = stored.next(); !page.isEmpty(); page = stored.next()) {
            for (RunEvent event : page) {
                send(run, event, ++number, answers);
            }
            answers.flush();
        }
    }

    /// What a run that has ended, or that goes on in the archive, has said.
    AnswerBuilder fold(RunInfo run) {
        return new ArchiveReader(archive, run, 0).fold();
    }

    /// The answer that the session keeps of a run whose events are forgotten.
    private Optional<Message> stored(RunRecord run) {
        List<Message> turns =
                run.info().sessionId().stream()
                        .flatMap(session -> sessions.history(run.info().tenant(), session).stream())
                        .filter(message -> message.runId().equals(Optional.of(run.info().id())))
                        .map(StoredMessage::message)
                        .filter(message -> message.role() == Role.ASSISTANT)
                        .toList();
        return turns.size() > 1 ? Optional.of(joined(turns)) : turns.stream().findFirst();
    }

    /// The turns of an answer as one message; what was called between them is no part of it.
    private static Message joined(List<Message> turns) {
        String text =
                turns.stream()
                        .map(Message::text)
                        .filter(said -> !said.isEmpty())
                        .collect(Collectors.joining(RunEvent.TURN_BREAK));
        return Message.text(Role.ASSISTANT, text);
    }

    private static Failure forgotten(RunRecord run) {
        return Failure.notFound(
                "run_id", "What the run " + run.info().id() + " said is forgotten.");
    }

    private static Optional<Message> said(AnswerBuilder answer) {
        return answer.isEmpty() ? Optional.empty() : Optional.of(answer.soFar());
    }

    /// Everything after the cursor follows.
    private static void sayOk(RunInfo info, RunState state, Sink<dev.tandem.v1.RunEvent> answers)
            throws InterruptedException {
        say(info, state, ResumeVerdict.RESUME_VERDICT_OK, Optional.empty(), answers);
    }

    private static void say(
            RunInfo run,
            RunState state,
            ResumeVerdict verdict,
            Optional<Message> snapshot,
            Sink<dev.tandem.v1.RunEvent> answers)
            throws InterruptedException {
        answers.send(RunEvents.resumed(run, state, verdict, snapshot));
    }

    private static void send(
            RunInfo run, RunEvent event, long number, Sink<dev.tandem.v1.RunEvent> answers)
            throws InterruptedException {
        Optional<RunCursor> place = run.kept() ? Optional.of(run.cursor(number)) : Optional.empty();
        answers.send(RunEvents.wire(run.id(), event, place));
    }

    private static void send(
            RunEvent.End end, RunCursor place, Sink<dev.tandem.v1.RunEvent> answers)
            throws InterruptedException {
        answers.send(RunEvents.wire(place.runId(), end, Optional.of(place)));
    }
}
