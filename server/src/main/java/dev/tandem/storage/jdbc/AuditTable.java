package dev.tandem.storage.jdbc;

import dev.tandem.audit.AuditHead;
import dev.tandem.audit.ChainedRow;
import dev.tandem.audit.ChainedRow.Cell;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The rows of the audit log, as their hashes see them.
final class AuditTable {
    /// Every column but the hashes, in the order in which they are hashed.
    static final List<String> COLUMNS =
            List.of(
                    "seq",
                    "at",
                    "tenant",
                    "key_name",
                    "project_id",
                    "session_id",
                    "run_id",
                    "call_id",
                    "server",
                    "tool",
                    "arguments_hash",
                    "phase",
                    "decision",
                    "decided_by",
                    "decision_seq",
                    "outcome",
                    "took_ms",
                    "error",
                    "arguments");

    private static final String ALL = String.join(", ", COLUMNS) + ", previous_hash, hash";

    private AuditTable() {}

    static AuditHead head(Transaction transaction) throws SQLException {
        return transaction
                .first(
                        "SELECT seq, hash FROM audit_head WHERE id = 1",
                        row -> new AuditHead(row.number("seq"), row.text("hash")))
                .orElse(AuditHead.NONE);
    }

    static List<ChainedRow> rows(Transaction transaction, long after, int limit)
            throws SQLException {
        return transaction.all(
                "SELECT " + ALL + " FROM audit WHERE seq > ? ORDER BY seq LIMIT ?",
                AuditTable::row,
                after,
                limit);
    }

    /// Adds a row behind the last.
    ///
    /// @param values one for each column but the number, which is given here
    /// @return its number
    static long append(Transaction transaction, List<Object> values) throws SQLException {
        AuditHead head = head(transaction);
        long seq = head.seq() + 1;
        List<Object> all = new ArrayList<>();
        all.add(seq);
        all.addAll(values);
        String hash = ChainedRow.hash(head.hash(), cells(all));
        all.add(head.hash());
        all.add(hash);
        int _ =
                transaction.update(
                        "INSERT INTO audit (" + ALL + ") VALUES (?" + ", ?".repeat(20) + ")",
                        all.toArray());
        int heads =
                transaction.update(
                        "UPDATE audit_head SET seq = ?, hash = ? WHERE id = 1", seq, hash);
        if (heads != 1) {
            throw new SQLException("the audit log has lost its head");
        }
        return seq;
    }

    private static List<Cell> cells(List<Object> values) {
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < COLUMNS.size(); i++) {
            Object value = values.get(i);
            Optional<String> text =
                    value instanceof Optional<?> optional
                            ? optional.map(String::valueOf)
                            : Optional.of(String.valueOf(value));
            cells.add(new Cell(COLUMNS.get(i), text));
        }
        return cells;
    }

    /// Reads numbers as they are written, so that a text in their place is seen.
    private static ChainedRow row(Row row) throws SQLException {
        List<Cell> cells = new ArrayList<>();
        for (String column : COLUMNS) {
            cells.add(new Cell(column, row.optionalText(column)));
        }
        return new ChainedRow(
                row.number("seq"),
                cells,
                row.optionalText("previous_hash").orElse(""),
                row.optionalText("hash").orElse(""));
    }
}
