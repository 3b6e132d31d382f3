package dev.tandem.storage.jdbc;

import dev.tandem.session.SessionTotals;
import dev.tandem.session.SessionsTotals;
import java.sql.SQLException;
import java.util.Optional;

/// Sums over sessions: of one from its messages and runs, of all from the sums in their rows.
final class SessionSums {
    private static final String OF_TENANT =
            """
            SELECT COUNT(*) AS sessions,
                COALESCE(SUM(message_count), 0) AS messages,
                COALESCE(SUM(total_tokens), 0) AS tokens,
                COALESCE(SUM(total_cost_nanos), 0) AS cost_nanos,
                (SELECT COUNT(*) FROM run
                    JOIN session s ON s.tenant = run.tenant AND s.id = run.session_id
                    WHERE run.tenant = ? AND run.finished_at IS NULL) AS active
            FROM session WHERE tenant = ?
            """;

    private static final String OF_SESSION =
            """
            SELECT session.unpriced_runs, session.total_cost_nanos, messages.*, runs.*
            FROM session,
                (SELECT COUNT(*) AS messages,
                    COUNT(CASE WHEN role = 'user' THEN 1 END) AS user_messages,
                    COUNT(CASE WHEN role = 'assistant' THEN 1 END) AS assistant_messages,
                    COUNT(CASE WHEN role = 'tool' THEN 1 END) AS tool_messages
                    FROM message WHERE tenant = ? AND session_id = ?) messages,
                (SELECT COUNT(*) AS runs,
                    COUNT(CASE WHEN state = 'failed' THEN 1 END) AS failed_runs,
                    COALESCE(SUM(input_tokens), 0) AS input_tokens,
                    COALESCE(SUM(cache_read_tokens), 0) AS cache_read_tokens,
                    COALESCE(SUM(cache_write_tokens), 0) AS cache_write_tokens,
                    COALESCE(SUM(output_tokens), 0) AS output_tokens,
                    COALESCE(SUM(cache_write_hour_tokens), 0) AS cache_write_hour_tokens,
                    COALESCE(SUM(reasoning_tokens), 0) AS reasoning_tokens
                    FROM run WHERE tenant = ? AND session_id = ?) runs
            WHERE session.tenant = ? AND session.id = ?
            """;

    private SessionSums() {}

    static SessionsTotals ofTenant(Transaction transaction, String tenant) throws SQLException {
        return transaction.only(OF_TENANT, SessionSums::tenant, tenant, tenant);
    }

    static Optional<SessionTotals> ofSession(Transaction transaction, String tenant, String id)
            throws SQLException {
        return transaction.first(
                OF_SESSION, SessionSums::session, tenant, id, tenant, id, tenant, id);
    }

    private static SessionsTotals tenant(Row row) throws SQLException {
        return new SessionsTotals(
                row.number("sessions"),
                row.number("active"),
                row.number("messages"),
                row.number("tokens"),
                row.number("cost_nanos"));
    }

    private static SessionTotals session(Row row) throws SQLException {
        return new SessionTotals(
                row.number("messages"),
                row.number("user_messages"),
                row.number("assistant_messages"),
                row.number("tool_messages"),
                row.number("runs"),
                row.number("failed_runs"),
                row.number("unpriced_runs"),
                RunRows.usage(row),
                row.number("total_cost_nanos"));
    }
}
