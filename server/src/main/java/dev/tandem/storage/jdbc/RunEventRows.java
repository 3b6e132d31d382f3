package dev.tandem.storage.jdbc;

import dev.tandem.run.RunInfo;
import dev.tandem.run.RunSegment;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/// The rows of what runs said.
final class RunEventRows {
    /// Rows that are read in one go. A row holds a tenth of a second of an answer.
    private static final int PAGE = 200;

    private static final String REPLAYABLE =
            " FROM run WHERE last_number IS NOT NULL AND finished_at < ?";

    private static final String FORGET_END =
            "UPDATE run SET last_number = NULL, last_epoch = NULL, idempotency_key = NULL,"
                    + " request_hash = NULL, refusal = NULL, stop_sequence = NULL,"
                    + " message_id = NULL";

    private RunEventRows() {}

    /// Stores events. Those that begin with the same one are replaced: whoever did not learn that
    /// they were stored has stored them again, and more.
    static void insert(Transaction transaction, RunSegment segment) throws SQLException {
        transaction.update(
                "INSERT INTO run_event (tenant, run_id, first_number, last_number, events)"
                        + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (tenant, run_id, first_number)"
                        + " DO UPDATE SET last_number = excluded.last_number,"
                        + " events = excluded.events",
                segment.tenant(),
                segment.runId(),
                segment.first(),
                segment.last(),
                RunEventJson.write(segment.events()));
    }

    /// Rows that hold events after a number, of which the first may hold earlier ones too.
    static List<RunSegment> read(Transaction transaction, RunInfo run, long after)
            throws SQLException {
        return transaction.all(
                "SELECT first_number, events FROM run_event WHERE tenant = ? AND run_id = ?"
                        + " AND last_number > ? ORDER BY first_number LIMIT "
                        + PAGE,
                row ->
                        new RunSegment(
                                run.tenant(),
                                run.id(),
                                row.number("first_number"),
                                RunEventJson.read(row.text("events"), run)),
                run.tenant(),
                run.id(),
                after);
    }

    /// Forgets all that the runs of a session said, and frees their keys. What they used stays.
    static void forgetSession(Transaction transaction, String tenant, String session)
            throws SQLException {
        transaction.update(
                "DELETE FROM run_event WHERE tenant = ? AND run_id IN"
                        + " (SELECT id FROM run WHERE tenant = ? AND session_id = ?)",
                tenant,
                tenant,
                session);
        transaction.update(FORGET_END + " WHERE tenant = ? AND session_id = ?", tenant, session);
    }

    /// Forgets all that a run said, and frees its key.
    static void forgetRun(Transaction transaction, String tenant, String run) throws SQLException {
        transaction.update("DELETE FROM run_event WHERE tenant = ? AND run_id = ?", tenant, run);
        transaction.update(FORGET_END + " WHERE tenant = ? AND id = ?", tenant, run);
    }

    /// Forgets what runs said that ended before a time, and frees their keys.
    ///
    /// @return of how many runs
    static int forget(Transaction transaction, Instant endedBefore) throws SQLException {
        transaction.update(
                "DELETE FROM run_event WHERE (tenant, run_id) IN (SELECT tenant, id"
                        + REPLAYABLE
                        + ")",
                endedBefore);
        return transaction.update(
                "UPDATE run SET last_number = NULL, last_epoch = NULL, idempotency_key = NULL,"
                        + " request_hash = NULL WHERE last_number IS NOT NULL AND finished_at < ?",
                endedBefore);
    }
}
