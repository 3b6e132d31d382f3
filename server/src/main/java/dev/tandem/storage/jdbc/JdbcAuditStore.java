package dev.tandem.storage.jdbc;

import dev.tandem.audit.AuditCall;
import dev.tandem.audit.AuditEntry;
import dev.tandem.audit.AuditHead;
import dev.tandem.audit.AuditOutcome;
import dev.tandem.audit.AuditQuery;
import dev.tandem.audit.AuditStore;
import dev.tandem.audit.ChainedRow;
import dev.tandem.audit.Ruling;
import dev.tandem.audit.Status;
import dev.tandem.failure.Failure;
import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.page.PageToken;
import dev.tandem.tool.ToolScope;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The audit log in the database. The one writer reads the chain's end and adds to it in the same
/// transaction, so there are neither gaps nor branches.
public final class JdbcAuditStore implements AuditStore {
    private static final String SELECT =
            "SELECT d.seq, d.at, d.tenant, d.key_name, d.project_id, d.session_id, d.run_id,"
                    + " d.call_id, d.server, d.tool, d.arguments, d.arguments_hash, d.decision,"
                    + " d.decided_by, o.outcome, o.took_ms, o.error, o.at AS ended_at"
                    + " FROM audit d LEFT JOIN audit o ON o.decision_seq = d.seq"
                    + " WHERE d.tenant = ? AND d.phase = 'decision'";

    private static final Optional<String> NOTHING = Optional.empty();

    private final Database database;

    public JdbcAuditStore(Database database) {
        this.database = database;
    }

    @Override
    public long decided(AuditCall call, Ruling ruling, Instant at) {
        List<Object> values = named(call, at);
        values.addAll(List.of("decision", ruling.word(), ruling.by()));
        values.addAll(List.of(NOTHING, NOTHING, NOTHING, NOTHING, call.argumentsJson()));
        return database.write(transaction -> AuditTable.append(transaction, values));
    }

    @Override
    public void ended(long decision, AuditCall call, AuditOutcome outcome, Instant at) {
        List<Object> values = named(call, at);
        values.addAll(List.of("outcome", NOTHING, NOTHING, decision));
        values.addAll(
                List.of(
                        outcome.status().word(),
                        outcome.took().toMillis(),
                        outcome.error(),
                        NOTHING));
        long _ = database.write(transaction -> AuditTable.append(transaction, values));
    }

    private static List<Object> named(AuditCall call, Instant at) {
        ToolScope scope = call.scope();
        return new ArrayList<>(
                List.of(
                        at.toEpochMilli(),
                        scope.tenant(),
                        scope.keyName(),
                        scope.projectId(),
                        scope.sessionId(),
                        scope.runId(),
                        call.callId(),
                        call.server(),
                        call.tool(),
                        call.argumentsHash()));
    }

    @Override
    public Page<AuditEntry> list(
            String tenant, AuditQuery query, PageRequest page, long startedAt) {
        return database.read(transaction -> list(transaction, tenant, query, page, startedAt));
    }

    private static Page<AuditEntry> list(
            Transaction transaction,
            String tenant,
            AuditQuery query,
            PageRequest page,
            long startedAt)
            throws SQLException {
        StringBuilder sql = new StringBuilder(SELECT);
        List<Object> values = new ArrayList<>(List.of(tenant));
        Filters.only("d.session_id", query.sessionId(), sql, values);
        Filters.only("d.project_id", query.projectId(), sql, values);
        Filters.only("d.run_id", query.runId(), sql, values);
        Filters.only("d.server", query.server(), sql, values);
        Filters.only("d.tool", query.tool(), sql, values);
        Filters.atLeast("d.at", query.from().map(JdbcAuditStore::millis), sql, values);
        Filters.below("d.at", query.to().map(JdbcAuditStore::millis), sql, values);
        Filters.below("d.seq", page.after().map(JdbcAuditStore::place), sql, values);
        query.status().ifPresent(status -> with(status, startedAt, sql, values));
        sql.append(" ORDER BY d.seq DESC LIMIT ?");
        values.add(page.size() + 1);
        List<AuditEntry> rows =
                transaction.all(sql.toString(), row -> entry(row, startedAt), values.toArray());
        return Page.of(rows, page.size(), query.list(), entry -> String.valueOf(entry.seq()));
    }

    private static void with(
            Status status, long startedAt, StringBuilder sql, List<Object> values) {
        switch (status) {
            case RUNNING -> {
                sql.append(" AND o.seq IS NULL AND d.seq > ?");
                values.add(startedAt);
            }
            case LOST -> {
                sql.append(" AND o.seq IS NULL AND d.seq <= ?");
                values.add(startedAt);
            }
            case SUCCEEDED, FAILED, DENIED, TIMED_OUT, CANCELLED, UNAVAILABLE -> {
                sql.append(" AND o.outcome = ?");
                values.add(status.word());
            }
        }
    }

    /// The first millisecond that is not before a time: rows know no shorter time.
    private static Long millis(Instant time) {
        return time.plusNanos(999_999).toEpochMilli();
    }

    private static Long place(PageToken token) {
        try {
            return Long.valueOf(token.lastId());
        } catch (NumberFormatException forged) {
            throw Failure.invalid(
                    "page_token", "page_token is not one that this list returned; leave it out.");
        }
    }

    @Override
    public AuditHead head() {
        return database.read(AuditTable::head);
    }

    @Override
    public List<ChainedRow> rows(long after, int limit) {
        return database.read(transaction -> AuditTable.rows(transaction, after, limit));
    }

    private static AuditEntry entry(Row row, long startedAt) throws SQLException {
        long seq = row.number("seq");
        Optional<Instant> endedAt = row.optionalTime("ended_at");
        Status open = seq <= startedAt ? Status.LOST : Status.RUNNING;
        return new AuditEntry(
                seq,
                call(row),
                new Ruling(row.text("decision").equals("allowed"), row.text("decided_by")),
                row.time("at"),
                row.optionalText("outcome").map(Status::of).orElse(open),
                endedAt.isPresent() ? Optional.of(outcome(row, endedAt.get())) : Optional.empty());
    }

    private static AuditEntry.Outcome outcome(Row row, Instant endedAt) throws SQLException {
        OptionalLong took = row.optionalNumber("took_ms");
        return new AuditEntry.Outcome(
                Duration.ofMillis(took.orElse(0)), row.optionalText("error"), endedAt);
    }

    private static AuditCall call(Row row) throws SQLException {
        ToolScope scope =
                new ToolScope(
                        row.text("tenant"),
                        row.text("key_name"),
                        false,
                        row.optionalText("project_id"),
                        row.optionalText("session_id"),
                        row.optionalText("run_id"));
        return new AuditCall(
                scope,
                row.text("call_id"),
                row.text("server"),
                row.text("tool"),
                row.optionalText("arguments"),
                row.text("arguments_hash"));
    }
}
