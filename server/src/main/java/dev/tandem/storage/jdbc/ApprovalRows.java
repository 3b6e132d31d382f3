package dev.tandem.storage.jdbc;

import dev.tandem.approval.Approval;
import dev.tandem.approval.Approval.Decision;
import dev.tandem.approval.Approval.Remember;
import dev.tandem.approval.Approval.Request;
import dev.tandem.approval.Approval.State;
import dev.tandem.approval.CallMark;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/// How an approval stands in its row.
final class ApprovalRows {
    static final String SELECT =
            "SELECT id, tenant, key_name, project_id, session_id, run_id, call_id, server, tool,"
                    + " arguments, kind, message, detail, state, created_at, expires_at,"
                    + " decided_at, decided_by, remember, content, note, definition_hash"
                    + " FROM approval WHERE ";

    private ApprovalRows() {}

    static void insert(Transaction transaction, Approval approval, CallMark mark)
            throws SQLException {
        Asked asked = asked(approval.request());
        int _ =
                transaction.update(
                        "INSERT INTO approval (id, tenant, key_name, project_id, session_id,"
                                + " run_id, call_id, server, tool, arguments_hash,"
                                + " definition_hash, kind, state, created_at, expires_at, used,"
                                + " message, detail, arguments)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?,"
                                + " ?, ?, ?)",
                        approval.id(),
                        approval.tenant(),
                        approval.keyName(),
                        approval.projectId(),
                        approval.sessionId(),
                        approval.runId(),
                        approval.callId(),
                        approval.server(),
                        approval.tool(),
                        mark.argumentsHash(),
                        mark.definitionHash(),
                        asked.kind(),
                        approval.createdAt(),
                        approval.expiresAt(),
                        false,
                        asked.message(),
                        asked.detail(),
                        approval.argumentsJson());
    }

    static Approval approval(Row row) throws SQLException {
        return new Approval(
                row.text("id"),
                row.text("tenant"),
                row.text("key_name"),
                row.optionalText("project_id"),
                row.optionalText("session_id"),
                row.optionalText("run_id"),
                row.optionalText("call_id"),
                row.text("server"),
                row.text("tool"),
                row.text("arguments"),
                request(row),
                row.time("created_at"),
                row.time("expires_at"),
                decision(row));
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static Optional<Decision> decision(Row row) throws SQLException {
        State state = State.valueOf(row.text("state").toUpperCase(Locale.ROOT));
        if (state == State.PENDING) {
            return Optional.empty();
        }
        return Optional.of(
                new Decision(
                        state,
                        row.optionalText("decided_by"),
                        row.optionalText("remember")
                                .map(word -> Remember.valueOf(word.toUpperCase(Locale.ROOT)))
                                .orElse(Remember.ONCE),
                        row.optionalText("content"),
                        row.optionalText("note"),
                        row.time("decided_at")));
    }

    /// What is asked, in columns.
    private record Asked(String kind, String message, Optional<String> detail) {}

    private static Asked asked(Request request) {
        return switch (request) {
            case Request.Call(String reason) -> new Asked("call", reason, Optional.empty());
            case Request.Form(String message, String schema) ->
                    new Asked("form", message, Optional.of(schema));
            case Request.Page(String message, String url) ->
                    new Asked("page", message, Optional.of(url));
            case Request.Sampling(String message, String params) ->
                    new Asked("sampling", message, Optional.of(params));
        };
    }

    private static Request request(Row row) throws SQLException {
        String message = row.text("message");
        String detail = row.optionalText("detail").orElse("");
        String kind = row.text("kind");
        return switch (kind) {
            case "call" -> new Request.Call(message);
            case "form" -> new Request.Form(message, detail);
            case "page" -> new Request.Page(message, detail);
            case "sampling" -> new Request.Sampling(message, detail);
            default -> throw new IllegalStateException("a stored approval asks " + kind);
        };
    }
}
