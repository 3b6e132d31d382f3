package dev.tandem.storage.jdbc;

import dev.tandem.approval.ToolRule;
import dev.tandem.approval.ToolRuleQuery;
import dev.tandem.approval.ToolRuleStore;
import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.page.PageToken;
import dev.tandem.tool.ToolScope;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Remembered decisions in the database.
public final class JdbcToolRuleStore implements ToolRuleStore {
    /// The most rules of a tenant. The oldest give way: their tools ask again.
    private static final int RULES_MAX = 10_000;

    private static final String SELECT =
            "SELECT id, tenant, session_id, project_id, server, tool, definition_hash, allow,"
                    + " made_by, approval_id, created_at FROM tool_rule WHERE tenant = ?";

    private final Database database;

    public JdbcToolRuleStore(Database database) {
        this.database = database;
    }

    /// Stores a rule in place of one for the same tool and as far.
    static void put(Transaction transaction, ToolRule rule) throws SQLException {
        int _ =
                transaction.update(
                        "DELETE FROM tool_rule WHERE tenant = ? AND server = ? AND tool = ?"
                                + " AND COALESCE(session_id, '') = ?"
                                + " AND COALESCE(project_id, '') = ?",
                        rule.tenant(),
                        rule.server(),
                        rule.tool(),
                        rule.sessionId().orElse(""),
                        rule.projectId().orElse(""));
        int _ =
                transaction.update(
                        "INSERT INTO tool_rule (id, tenant, session_id, project_id, server, tool,"
                                + " definition_hash, allow, made_by, approval_id, created_at)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        rule.id(),
                        rule.tenant(),
                        rule.sessionId(),
                        rule.projectId(),
                        rule.server(),
                        rule.tool(),
                        rule.definitionHash(),
                        rule.allow(),
                        rule.madeBy(),
                        rule.approvalId(),
                        rule.createdAt());
        int _ =
                transaction.update(
                        "DELETE FROM tool_rule WHERE tenant = ? AND id <= (SELECT id FROM tool_rule"
                                + " WHERE tenant = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
                        rule.tenant(),
                        rule.tenant(),
                        RULES_MAX);
    }

    @Override
    public List<ToolRule> of(ToolScope scope, String server, String tool) {
        return database.read(
                transaction ->
                        transaction.all(
                                SELECT
                                        + " AND server = ? AND tool = ?"
                                        + " AND (session_id = ? OR project_id = ?) ORDER BY id",
                                JdbcToolRuleStore::rule,
                                scope.tenant(),
                                server,
                                tool,
                                scope.sessionId(),
                                scope.projectId()));
    }

    @Override
    public Page<ToolRule> list(String tenant, ToolRuleQuery query, PageRequest page) {
        return database.read(transaction -> list(transaction, tenant, query, page));
    }

    private static Page<ToolRule> list(
            Transaction transaction, String tenant, ToolRuleQuery query, PageRequest page)
            throws SQLException {
        StringBuilder sql = new StringBuilder(SELECT);
        List<Object> values = new ArrayList<>(List.of(tenant));
        Filters.only("session_id", query.sessionId(), sql, values);
        Filters.only("project_id", query.projectId(), sql, values);
        Filters.below("id", page.after().map(PageToken::lastId), sql, values);
        sql.append(" ORDER BY id DESC LIMIT ?");
        values.add(page.size() + 1);
        List<ToolRule> rows =
                transaction.all(sql.toString(), JdbcToolRuleStore::rule, values.toArray());
        return Page.of(rows, page.size(), query.list(), ToolRule::id);
    }

    @Override
    public boolean delete(String tenant, String id) {
        return database.write(
                transaction ->
                        transaction.update(
                                        "DELETE FROM tool_rule WHERE tenant = ? AND id = ?",
                                        tenant,
                                        id)
                                == 1);
    }

    private static ToolRule rule(Row row) throws SQLException {
        return new ToolRule(
                row.text("id"),
                row.text("tenant"),
                row.optionalText("session_id"),
                row.optionalText("project_id"),
                row.text("server"),
                row.text("tool"),
                row.text("definition_hash"),
                row.flag("allow"),
                row.text("made_by"),
                row.text("approval_id"),
                row.time("created_at"));
    }
}
