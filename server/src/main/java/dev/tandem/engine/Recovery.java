package dev.tandem.engine;

import dev.tandem.conversation.Message;
import dev.tandem.id.Ids;
import dev.tandem.run.AnswerBuilder;
import dev.tandem.run.ArchiveReader;
import dev.tandem.run.RunArchive;
import dev.tandem.run.RunCursor;
import dev.tandem.run.RunEvent.Bill;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunRecord;
import dev.tandem.run.RunStore;
import dev.tandem.session.StoredMessage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Ends the runs that a killed server left behind as interrupted. What is stored of their answers
/// becomes a message of their session, and whoever continues them gets it, and their end.
public final class Recovery {
    private final RunStore store;
    private final RunArchive archive;
    private final Ids ids;

    public Recovery(RunStore store, RunArchive archive, Ids ids) {
        this.store = store;
        this.archive = archive;
        this.ids = ids;
    }

    /// Ends them. Called before the server takes calls.
    ///
    /// @param epoch the life of the server that begins
    /// @return how many there were
    public int settle(int epoch, Instant now) {
        List<RunRecord> left = store.unfinished();
        left.forEach(run -> settle(run, epoch, now));
        return left.size();
    }

    /// What it had used is not known, so the session's cost leaves it out.
    private void settle(RunRecord run, int epoch, Instant now) {
        ArchiveReader stored = new ArchiveReader(archive, run.info(), 0);
        AnswerBuilder answer = stored.fold();
        RunEvent.Interrupted end = new RunEvent.Interrupted(Bill.NONE);
        RunCursor place = new RunCursor(run.info().id(), epoch, stored.number() + 1);
        store.finish(
                run.ended(end, now).lastAt(place),
                messages(run, answer, now),
                false,
                Optional.empty());
    }

    private List<StoredMessage> messages(RunRecord run, AnswerBuilder answer, Instant now) {
        return run.info().sessionId().stream()
                .flatMap(
                        session ->
                                answer.fragments().stream()
                                        .map(said -> message(run, session, said, now)))
                .toList();
    }

    private StoredMessage message(RunRecord run, String session, Message said, Instant now) {
        return new StoredMessage(
                ids.message(),
                session,
                Optional.of(run.info().id()),
                said,
                TokenEstimate.of(said),
                now);
    }
}
