package dev.tandem.storage.jdbc;

import dev.tandem.conversation.Role;
import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.page.PageToken;
import dev.tandem.session.MessageQuery;
import dev.tandem.session.StoredMessage;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The rows of messages. Their ids sort as they were made, and so do the messages.
final class MessageRows {
    private static final String SELECT =
            "SELECT id, session_id, run_id, role, token_count, created_at, content FROM message"
                    + " WHERE tenant = ? AND session_id = ?";

    private MessageRows() {}

    static void insert(Transaction transaction, String tenant, List<StoredMessage> messages)
            throws SQLException {
        for (StoredMessage stored : messages) {
            transaction.update(
                    "INSERT INTO message (tenant, session_id, id, run_id, role, token_count,"
                            + " created_at, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    tenant,
                    stored.sessionId(),
                    stored.id(),
                    stored.runId(),
                    stored.message().role().word(),
                    stored.tokenCount(),
                    stored.createdAt(),
                    MessageJson.write(stored.message()));
        }
    }

    /// Removes what a run has stored in a session, and says how many messages that were.
    static int deleteOfRun(Transaction transaction, String tenant, String sessionId, String runId)
            throws SQLException {
        return transaction.update(
                "DELETE FROM message WHERE tenant = ? AND run_id = ? AND session_id = ?",
                tenant,
                runId,
                sessionId);
    }

    static void deleteOfSession(Transaction transaction, String tenant, String sessionId)
            throws SQLException {
        transaction.update(
                "DELETE FROM message WHERE tenant = ? AND session_id = ?", tenant, sessionId);
    }

    static List<StoredMessage> all(Transaction transaction, String tenant, String sessionId)
            throws SQLException {
        return transaction.all(SELECT + " ORDER BY id", MessageRows::read, tenant, sessionId);
    }

    static Page<StoredMessage> page(
            Transaction transaction,
            String tenant,
            String sessionId,
            MessageQuery query,
            PageRequest page)
            throws SQLException {
        StringBuilder sql = new StringBuilder(SELECT);
        List<Object> values = new ArrayList<>(List.of(tenant, sessionId));
        Optional<Role> role = query.role();
        if (role.isPresent()) {
            sql.append(" AND role = ?");
            values.add(role.get().word());
        }
        Optional<PageToken> after = page.after();
        if (after.isPresent()) {
            sql.append(query.newestFirst() ? " AND id < ?" : " AND id > ?");
            values.add(after.get().lastId());
        }
        sql.append(query.newestFirst() ? " ORDER BY id DESC LIMIT ?" : " ORDER BY id LIMIT ?");
        values.add(page.size() + 1);
        List<StoredMessage> rows =
                transaction.all(sql.toString(), MessageRows::read, values.toArray());
        return Page.of(rows, page.size(), query.list(sessionId), StoredMessage::id);
    }

    private static StoredMessage read(Row row) throws SQLException {
        Role role = Role.valueOf(row.text("role").toUpperCase(Locale.ROOT));
        return new StoredMessage(
                row.text("id"),
                row.text("session_id"),
                row.optionalText("run_id"),
                MessageJson.read(role, row.text("content")),
                row.number("token_count"),
                row.time("created_at"));
    }
}
