package dev.tandem.storage.jdbc;

import dev.tandem.approval.Approval;
import dev.tandem.approval.Approval.Decision;
import dev.tandem.approval.Approval.Remember;
import dev.tandem.approval.Approval.State;
import dev.tandem.approval.ApprovalQuery;
import dev.tandem.approval.ApprovalStore;
import dev.tandem.approval.CallMark;
import dev.tandem.approval.ToolRule;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.page.PageToken;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Approvals in the database. What ends one is an UPDATE of a row that is still pending.
public final class JdbcApprovalStore implements ApprovalStore {
    private static final String END =
            "UPDATE approval SET state = ?, decided_at = ?, decided_by = ?, remember = ?,"
                    + " content = ?, note = ?, used = ?"
                    + " WHERE tenant = ? AND id = ? AND state = 'pending'";

    private final Database database;

    public JdbcApprovalStore(Database database) {
        this.database = database;
    }

    @Override
    public void open(Approval approval, CallMark mark, int openMax) {
        boolean _ = database.write(transaction -> open(transaction, approval, mark, openMax));
    }

    private static boolean open(
            Transaction transaction, Approval approval, CallMark mark, int openMax)
            throws SQLException {
        long open =
                transaction.only(
                        "SELECT COUNT(*) AS open FROM approval"
                                + " WHERE tenant = ? AND state = 'pending'",
                        row -> row.number("open"),
                        approval.tenant());
        if (open >= openMax) {
            throw new Failure(
                    FailureCode.OVERLOADED,
                    open + " approvals are open, which is the most there may be; decide some.");
        }
        ApprovalRows.insert(transaction, approval, mark);
        return true;
    }

    @Override
    public Optional<Approval> takeUp(
            Approval fresh, CallMark mark, Instant now, Predicate<String> claim) {
        return database.write(transaction -> takeUp(transaction, fresh, mark, now, claim));
    }

    private static Optional<Approval> takeUp(
            Transaction transaction,
            Approval fresh,
            CallMark mark,
            Instant now,
            Predicate<String> claim)
            throws SQLException {
        for (Approval earlier : same(transaction, fresh, mark, now)) {
            if (earlier.state() != State.PENDING) {
                int _ =
                        transaction.update(
                                "UPDATE approval SET used = ? WHERE tenant = ? AND id = ?",
                                true,
                                earlier.tenant(),
                                earlier.id());
                return Optional.of(earlier);
            }
            if (claim.test(earlier.id())) {
                return Optional.of(handOver(transaction, earlier, fresh));
            }
        }
        return Optional.empty();
    }

    /// Approvals of the same call that nobody has used: decided ones first.
    private static List<Approval> same(
            Transaction transaction, Approval fresh, CallMark mark, Instant now)
            throws SQLException {
        Optional<String> place = fresh.sessionId().or(fresh::runId);
        String column = fresh.sessionId().isPresent() ? "session_id" : "run_id";
        return place.isEmpty()
                ? List.of()
                : transaction.all(
                        ApprovalRows.SELECT
                                + "tenant = ? AND "
                                + column
                                + " = ? AND server = ? AND tool = ? AND arguments_hash = ?"
                                + " AND definition_hash = ? AND kind = 'call' AND used = ?"
                                + " AND state IN ('allowed', 'denied', 'pending')"
                                + " AND expires_at > ? ORDER BY state = 'pending', id",
                        ApprovalRows::approval,
                        fresh.tenant(),
                        place.get(),
                        fresh.server(),
                        fresh.tool(),
                        mark.argumentsHash(),
                        mark.definitionHash(),
                        false,
                        now);
    }

    private static Approval handOver(Transaction transaction, Approval earlier, Approval fresh)
            throws SQLException {
        int _ =
                transaction.update(
                        "UPDATE approval SET key_name = ?, run_id = ?, call_id = ?"
                                + " WHERE tenant = ? AND id = ?",
                        fresh.keyName(),
                        fresh.runId(),
                        fresh.callId(),
                        earlier.tenant(),
                        earlier.id());
        return find(transaction, earlier.tenant(), earlier.id()).orElseThrow();
    }

    @Override
    public Optional<Approval> find(String tenant, String id) {
        return database.read(transaction -> find(transaction, tenant, id));
    }

    private static Optional<Approval> find(Transaction transaction, String tenant, String id)
            throws SQLException {
        return transaction.first(
                ApprovalRows.SELECT + "tenant = ? AND id = ?", ApprovalRows::approval, tenant, id);
    }

    @Override
    public Page<Approval> list(String tenant, ApprovalQuery query, PageRequest page) {
        return database.read(transaction -> list(transaction, tenant, query, page));
    }

    private static Page<Approval> list(
            Transaction transaction, String tenant, ApprovalQuery query, PageRequest page)
            throws SQLException {
        StringBuilder sql = new StringBuilder(ApprovalRows.SELECT).append("tenant = ?");
        List<Object> values = new ArrayList<>(List.of(tenant));
        if (query.state().isPresent()) {
            // outright, for the index of those that are open
            sql.append(" AND state = '" + ApprovalRows.word(query.state().get()) + "'");
        }
        Filters.only("session_id", query.sessionId(), sql, values);
        Filters.only("run_id", query.runId(), sql, values);
        Filters.below("id", page.after().map(PageToken::lastId), sql, values);
        sql.append(" ORDER BY id DESC LIMIT ?");
        values.add(page.size() + 1);
        List<Approval> rows =
                transaction.all(sql.toString(), ApprovalRows::approval, values.toArray());
        return Page.of(rows, page.size(), query.list(), Approval::id);
    }

    @Override
    public Optional<Closed> close(
            String tenant,
            String id,
            Decision decision,
            String ruleId,
            Predicate<String> waitedFor) {
        return database.write(
                transaction -> close(transaction, tenant, id, decision, ruleId, waitedFor));
    }

    private static Optional<Closed> close(
            Transaction transaction,
            String tenant,
            String id,
            Decision decision,
            String ruleId,
            Predicate<String> waitedFor)
            throws SQLException {
        Optional<Approval> before = find(transaction, tenant, id);
        if (before.isEmpty()) {
            return Optional.empty();
        }
        boolean late =
                decision.state() != State.CANCELLED
                        && !decision.at().isBefore(before.get().expiresAt());
        Decision told = late ? withoutAnybody(State.EXPIRED, decision.at()) : decision;
        boolean ours = end(transaction, tenant, id, told, waitedFor.test(id)) == 1;
        if (ours && !late && decision.remember() != Remember.ONCE) {
            remember(transaction, before.get(), decision, ruleId);
        }
        return Optional.of(new Closed(find(transaction, tenant, id).orElseThrow(), ours));
    }

    private static int end(
            Transaction transaction, String tenant, String id, Decision decision, boolean used)
            throws SQLException {
        return transaction.update(
                END,
                ApprovalRows.word(decision.state()),
                decision.at(),
                decision.by(),
                ApprovalRows.word(decision.remember()),
                decision.contentJson(),
                decision.note(),
                used,
                tenant,
                id);
    }

    private static void remember(
            Transaction transaction, Approval approval, Decision decision, String ruleId)
            throws SQLException {
        boolean session = decision.remember() == Remember.SESSION;
        JdbcToolRuleStore.put(
                transaction,
                new ToolRule(
                        ruleId,
                        approval.tenant(),
                        session ? approval.sessionId() : Optional.empty(),
                        session ? Optional.empty() : approval.projectId(),
                        approval.server(),
                        approval.tool(),
                        transaction.only(
                                "SELECT definition_hash FROM approval WHERE tenant = ? AND id = ?",
                                row -> row.text("definition_hash"),
                                approval.tenant(),
                                approval.id()),
                        decision.state() == State.ALLOWED,
                        decision.by().orElse(""),
                        approval.id(),
                        decision.at()));
    }

    @Override
    public List<Approval> expire(Instant now) {
        return database.write(
                transaction ->
                        endAll(
                                transaction,
                                transaction.all(
                                        ApprovalRows.SELECT
                                                + "state = 'pending' AND expires_at <= ?",
                                        ApprovalRows::approval,
                                        now),
                                withoutAnybody(State.EXPIRED, now)));
    }

    @Override
    public List<Approval> cancelQuestions(Instant now) {
        return database.write(
                transaction ->
                        endAll(
                                transaction,
                                transaction.all(
                                        ApprovalRows.SELECT
                                                + "state = 'pending' AND kind <> 'call'",
                                        ApprovalRows::approval),
                                withoutAnybody(State.CANCELLED, now)));
    }

    private static List<Approval> endAll(
            Transaction transaction, List<Approval> open, Decision decision) throws SQLException {
        List<Approval> ended = new ArrayList<>();
        for (Approval one : open) {
            int _ = end(transaction, one.tenant(), one.id(), decision, true);
            ended.add(find(transaction, one.tenant(), one.id()).orElseThrow());
        }
        return ended;
    }

    private static Decision withoutAnybody(State state, Instant at) {
        return new Decision(
                state, Optional.empty(), Remember.ONCE, Optional.empty(), Optional.empty(), at);
    }

    @Override
    public int forget(Instant before) {
        return database.write(
                transaction ->
                        transaction.update("DELETE FROM approval WHERE decided_at < ?", before));
    }
}
