package dev.tandem.storage.jdbc;

import dev.tandem.failure.Failure;
import dev.tandem.session.Session;
import dev.tandem.session.SessionFork;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Copies the messages of a session into another, within the database: their content is not read.
final class SessionCopy {
    private static final String IDS =
            "SELECT id FROM message WHERE tenant = ? AND session_id = ? ORDER BY id";

    private static final String IDS_UP_TO =
            "SELECT id FROM message WHERE tenant = ? AND session_id = ? AND id <= ? ORDER BY id";

    /// The copies belong to no run: what the copied session used is not used again.
    private static final String COPY =
            """
            INSERT INTO message (tenant, session_id, id, role, token_count, created_at, content)
            SELECT tenant, ?, ?, role, token_count, created_at, content FROM message
            WHERE tenant = ? AND session_id = ? AND id = ?
            """;

    private final Transaction transaction;
    private final Session from;

    SessionCopy(Transaction transaction, Session from) {
        this.transaction = transaction;
        this.from = from;
    }

    /// Copies into a session that is there, in order, and counts them there.
    ///
    /// @throws Failure NOT_FOUND, param `message_id`, where the last message is not there;
    ///     RUN_IN_PROGRESS where all are to be copied and more are to come
    void into(SessionFork fork) throws SQLException {
        List<String> ids = ids(fork.lastMessageId());
        for (String id : ids) {
            int _ =
                    transaction.update(
                            COPY,
                            fork.newId(),
                            fork.messageIds().get(),
                            from.tenant(),
                            from.id(),
                            id);
        }
        int _ =
                transaction.update(
                        "UPDATE session SET message_count = ? WHERE tenant = ? AND id = ?",
                        ids.size(),
                        from.tenant(),
                        fork.newId());
    }

    private List<String> ids(Optional<String> last) throws SQLException {
        if (last.isEmpty()) {
            RunInProgress.refuse(transaction, from.tenant(), from.id());
            return transaction.all(IDS, row -> row.text("id"), from.tenant(), from.id());
        }
        List<String> ids =
                transaction.all(
                        IDS_UP_TO, row -> row.text("id"), from.tenant(), from.id(), last.get());
        if (ids.isEmpty() || !ids.getLast().equals(last.get())) {
            throw Failure.notFound(
                    "message_id",
                    "The session " + from.id() + " has no message " + last.get() + ".");
        }
        return ids;
    }
}
