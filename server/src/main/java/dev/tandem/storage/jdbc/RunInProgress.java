package dev.tandem.storage.jdbc;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.sql.SQLException;
import java.util.Optional;

/// The run that a session is answering in: its one row without an end that does not wait.
final class RunInProgress {
    private RunInProgress() {}

    /// @throws Failure RUN_IN_PROGRESS, naming the run, where there is one
    static void refuse(Transaction transaction, String tenant, String session) throws SQLException {
        Optional<Failure> inTheWay = failure(transaction, tenant, session);
        if (inTheWay.isPresent()) {
            throw inTheWay.get();
        }
    }

    /// RUN_IN_PROGRESS, naming the run; empty where there is none.
    static Optional<Failure> failure(Transaction transaction, String tenant, String session)
            throws SQLException {
        return transaction.first(
                "SELECT id FROM run WHERE tenant = ? AND session_id = ? AND finished_at IS NULL"
                        + " AND state <> 'queued'",
                row -> failure(session, row.text("id")),
                tenant,
                session);
    }

    private static Failure failure(String session, String run) {
        return new Failure(
                        FailureCode.RUN_IN_PROGRESS,
                        "Session "
                                + session
                                + " is answering in run "
                                + run
                                + "; wait for its end or cancel it.")
                .withRun(run);
    }
}
