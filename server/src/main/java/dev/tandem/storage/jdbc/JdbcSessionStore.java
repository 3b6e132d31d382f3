package dev.tandem.storage.jdbc;

import dev.tandem.failure.Failure;
import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.page.PageToken;
import dev.tandem.session.MessageQuery;
import dev.tandem.session.Session;
import dev.tandem.session.SessionChange;
import dev.tandem.session.SessionFork;
import dev.tandem.session.SessionStore;
import dev.tandem.session.SessionTotals;
import dev.tandem.session.SessionsTotals;
import dev.tandem.session.StoredMessage;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Sessions in the database. Their sums stand in their rows and are kept up by [JdbcRunStore], in
/// the transaction that adds what is summed; whether one is active is asked of the runs.
public final class JdbcSessionStore implements SessionStore {
    private static final String SELECT =
            "SELECT id, tenant, project_id, title, model, system_prompt, created_at, updated_at,"
                    + " total_tokens, total_cost_nanos, message_count, unpriced_runs,"
                    + " EXISTS (SELECT 1 FROM run WHERE run.tenant = session.tenant"
                    + " AND run.session_id = session.id AND run.finished_at IS NULL) AS active"
                    + " FROM session WHERE tenant = ?";

    private final Database database;

    public JdbcSessionStore(Database database) {
        this.database = database;
    }

    @Override
    public void create(Session session) {
        int _ = database.write(transaction -> insert(transaction, session));
    }

    private static int insert(Transaction transaction, Session session) throws SQLException {
        if (session.projectId().isPresent()) {
            requireProject(transaction, session.tenant(), session.projectId().get());
        }
        return transaction.update(
                "INSERT INTO session (tenant, id, project_id, title, model, system_prompt,"
                        + " created_at, updated_at, total_tokens, total_cost_nanos, message_count,"
                        + " unpriced_runs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                session.tenant(),
                session.id(),
                session.projectId(),
                session.title(),
                session.model(),
                session.systemPrompt(),
                session.createdAt(),
                session.updatedAt(),
                session.totalTokens(),
                session.totalCostNanos(),
                session.messageCount(),
                session.unpricedRuns());
    }

    private static void requireProject(Transaction transaction, String tenant, String id)
            throws SQLException {
        if (!transaction.any("SELECT 1 FROM project WHERE tenant = ? AND id = ?", tenant, id)) {
            throw Failure.notFound("project_id", "There is no project " + id + ".");
        }
    }

    @Override
    public Optional<Session> find(String tenant, String id) {
        return database.read(transaction -> find(transaction, tenant, id));
    }

    private static Optional<Session> find(Transaction transaction, String tenant, String id)
            throws SQLException {
        return transaction.first(SELECT + " AND id = ?", JdbcSessionStore::session, tenant, id);
    }

    @Override
    public Page<Session> list(String tenant, Optional<String> projectId, PageRequest page) {
        return database.read(transaction -> list(transaction, tenant, projectId, page));
    }

    private static Page<Session> list(
            Transaction transaction, String tenant, Optional<String> projectId, PageRequest page)
            throws SQLException {
        StringBuilder sql = new StringBuilder(SELECT);
        List<Object> values = new ArrayList<>(List.of(tenant));
        if (projectId.isPresent()) {
            sql.append(" AND project_id = ?");
            values.add(projectId.get());
        }
        Optional<PageToken> after = page.after();
        if (after.isPresent()) {
            sql.append(" AND id < ?");
            values.add(after.get().lastId());
        }
        sql.append(" ORDER BY id DESC LIMIT ?");
        values.add(page.size() + 1);
        List<Session> rows =
                transaction.all(sql.toString(), JdbcSessionStore::session, values.toArray());
        return Page.of(rows, page.size(), SessionStore.listName(projectId), Session::id);
    }

    @Override
    public Optional<Session> update(String tenant, String id, SessionChange change, Instant now) {
        return database.write(transaction -> update(transaction, tenant, id, change, now));
    }

    private static Optional<Session> update(
            Transaction transaction, String tenant, String id, SessionChange change, Instant now)
            throws SQLException {
        Optional<Session> before = find(transaction, tenant, id);
        if (before.isEmpty()) {
            return before;
        }
        int _ =
                transaction.update(
                        "UPDATE session SET title = ?, model = ?, system_prompt = ?,"
                                + " updated_at = ? WHERE tenant = ? AND id = ?",
                        change.titleOver(before.get().title()),
                        change.modelOver(before.get().model()),
                        change.systemPromptOver(before.get().systemPrompt()),
                        now,
                        tenant,
                        id);
        return find(transaction, tenant, id);
    }

    @Override
    public Optional<Session> fork(String tenant, String id, SessionFork fork) {
        return database.write(transaction -> fork(transaction, tenant, id, fork));
    }

    private static Optional<Session> fork(
            Transaction transaction, String tenant, String id, SessionFork fork)
            throws SQLException {
        Optional<Session> copied = find(transaction, tenant, id);
        if (copied.isEmpty()) {
            return copied;
        }
        int _ = insert(transaction, fork.of(copied.get()));
        new SessionCopy(transaction, copied.get()).into(fork);
        return find(transaction, tenant, fork.newId());
    }

    @Override
    public Optional<Session> clear(String tenant, String id, Instant now) {
        return database.write(transaction -> clear(transaction, tenant, id, now));
    }

    /// The session's row comes first, as where a run begins: of the two, one waits for the other.
    private static Optional<Session> clear(
            Transaction transaction, String tenant, String id, Instant now) throws SQLException {
        int sessions =
                transaction.update(
                        "UPDATE session SET message_count = 0, updated_at = ?"
                                + " WHERE tenant = ? AND id = ?",
                        now,
                        tenant,
                        id);
        if (sessions == 0) {
            return Optional.empty();
        }
        RunInProgress.refuse(transaction, tenant, id);
        MessageRows.deleteOfSession(transaction, tenant, id);
        RunEventRows.forgetSession(transaction, tenant, id);
        return find(transaction, tenant, id);
    }

    @Override
    public boolean delete(String tenant, String id) {
        return database.write(
                transaction -> {
                    MessageRows.deleteOfSession(transaction, tenant, id);
                    RunEventRows.forgetSession(transaction, tenant, id);
                    return transaction.update(
                                    "DELETE FROM session WHERE tenant = ? AND id = ?", tenant, id)
                            == 1;
                });
    }

    @Override
    public Optional<Page<StoredMessage>> messages(
            String tenant, String sessionId, MessageQuery query, PageRequest page) {
        return database.read(
                transaction ->
                        exists(transaction, tenant, sessionId)
                                ? Optional.of(
                                        MessageRows.page(
                                                transaction, tenant, sessionId, query, page))
                                : Optional.empty());
    }

    private static boolean exists(Transaction transaction, String tenant, String id)
            throws SQLException {
        return transaction.any("SELECT 1 FROM session WHERE tenant = ? AND id = ?", tenant, id);
    }

    @Override
    public List<StoredMessage> history(String tenant, String sessionId) {
        return database.read(transaction -> MessageRows.all(transaction, tenant, sessionId));
    }

    @Override
    public SessionsTotals totals(String tenant) {
        return database.read(transaction -> SessionSums.ofTenant(transaction, tenant));
    }

    @Override
    public Optional<SessionTotals> totals(String tenant, String sessionId) {
        return database.read(transaction -> SessionSums.ofSession(transaction, tenant, sessionId));
    }

    private static Session session(Row row) throws SQLException {
        return new Session(
                row.text("id"),
                row.text("tenant"),
                row.optionalText("project_id"),
                row.optionalText("title"),
                row.optionalText("model"),
                row.optionalText("system_prompt"),
                row.time("created_at"),
                row.time("updated_at"),
                row.flag("active"),
                row.number("total_tokens"),
                row.number("total_cost_nanos"),
                row.number("message_count"),
                row.number("unpriced_runs"));
    }
}
