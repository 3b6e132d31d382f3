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

    private RunEventRows() {}

    static void insert(Transaction transaction, RunSegment segment) throws SQLException {
        transaction.update(
                "INSERT INTO run_event (tenant, run_id, first_number, last_number, events)"
                        + " VALUES (?, ?, ?, ?, ?)",
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
