package dev.tandem.storage.jdbc;

import static dev.tandem.storage.Samples.LATER;
import static dev.tandem.storage.Samples.NOON;
import static dev.tandem.storage.ToolSamples.SCOPE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.audit.AuditCall;
import dev.tandem.audit.AuditCheck;
import dev.tandem.audit.AuditCheck.Problem;
import dev.tandem.audit.AuditOutcome;
import dev.tandem.audit.AuditStore;
import dev.tandem.audit.Ruling;
import dev.tandem.audit.Status;
import dev.tandem.failure.Failure;
import dev.tandem.storage.ToolSamples;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Whatever somebody does to the audit log behind the server's back is found.
final class AuditTamperingTest {
    private static final int ROWS = 6;

    @RegisterExtension final SqliteStores stores = new SqliteStores();

    @BeforeEach
    void write() {
        AuditStore store = stores.audit();
        for (int i = 0; i < ROWS / 2; i++) {
            AuditCall call = ToolSamples.auditCall(SCOPE, "call_" + i);
            long seq = store.decided(call, new Ruling(true, "hints"), NOON);
            store.ended(
                    seq,
                    call,
                    new AuditOutcome(Status.FAILED, Duration.ofMillis(9), Optional.of("broken")),
                    LATER);
        }
    }

    @Test
    void oneChangedByteInAnyColumnOfAnyRowIsFound() {
        List<String> columns = new ArrayList<>(AuditTable.COLUMNS);
        columns.addAll(List.of("previous_hash", "hash"));
        int changes = 0;
        for (long row = 1; row <= ROWS; row++) {
            for (String column : columns) {
                Optional<String> before = text(row, column);
                change(row, column, before.map(AuditTamperingTest::oneByteOff));

                Optional<Problem> problem = verified();
                assertTrue(problem.isPresent(), row + "." + column + " " + before);
                long found = problem.orElseThrow().seq();
                assertTrue(found == row || found == row + 1, row + "." + column + " at " + found);

                back(row, column, before);
                assertEquals(Optional.empty(), verified(), row + "." + column);
                changes++;
            }
        }
        assertEquals(ROWS * 21, changes);
    }

    @Test
    void aRowThatIsGoneIsFound() {
        sql("DELETE FROM audit WHERE seq = 3");

        assertEquals(Optional.of(new Problem(3, "it is missing; the next row is 4")), verified());
    }

    @Test
    void aTailThatIsCutOffIsFound() {
        sql("DELETE FROM audit WHERE seq > 4");

        assertEquals(
                Optional.of(new Problem(5, "it is missing; the log should end at 6")), verified());
    }

    @Test
    void rowsThatChangedPlacesAreFound() {
        sql("UPDATE audit SET seq = 99 WHERE seq = 2");
        sql("UPDATE audit SET seq = 2 WHERE seq = 4");
        sql("UPDATE audit SET seq = 4 WHERE seq = 99");

        assertEquals(
                Optional.of(new Problem(2, "it does not follow the row before it")), verified());
    }

    @Test
    void aRowThatIsAddedIsFound() {
        sql(
                "INSERT INTO audit SELECT seq + 1, at, tenant, key_name, project_id, session_id,"
                        + " run_id, call_id, server, tool, arguments_hash, phase, decision,"
                        + " decided_by, NULL, outcome, took_ms, error, arguments, hash, 'x'"
                        + " FROM audit WHERE seq = 6");

        assertEquals(Optional.of(new Problem(7, "it was changed")), verified());
    }

    @Test
    void aHeadThatIsGoneIsFoundAndNothingMoreIsWritten() {
        sql("DELETE FROM audit_head");

        assertTrue(verified().isPresent());
        AuditCall call = ToolSamples.auditCall(SCOPE, "call_9");
        assertThrows(
                Failure.class, () -> stores.audit().decided(call, new Ruling(true, "x"), NOON));
    }

    private Optional<Problem> verified() {
        try (AuditFile file = AuditFile.open(stores.folder())) {
            Optional<Problem> fromFile = new AuditCheck(file, Optional.empty()).run().problem();
            assertEquals(
                    new AuditCheck(stores.audit(), Optional.empty()).run().problem(), fromFile);
            return fromFile;
        }
    }

    /// Another digit for a number, another letter for a text.
    private static String oneByteOff(String text) {
        char last = text.charAt(text.length() - 1);
        char other = Character.isDigit(last) ? (last == '9' ? '8' : '9') : last == 'x' ? 'y' : 'x';
        return text.substring(0, text.length() - 1) + other;
    }

    private Optional<String> text(long row, String column) {
        return stores.database()
                .read(
                        transaction ->
                                transaction.only(
                                        "SELECT " + column + " FROM audit WHERE seq = ?",
                                        found -> found.optionalText(column),
                                        row));
    }

    /// A column that holds nothing gets something.
    private void change(long row, String column, Optional<String> value) {
        set(row, column, Optional.of(value.orElse("77")));
    }

    private void set(long row, String column, Optional<String> value) {
        int _ =
                stores.database()
                        .write(
                                transaction ->
                                        transaction.update(
                                                "UPDATE audit SET " + column + " = ? WHERE seq = ?",
                                                value,
                                                row));
    }

    private void back(long row, String column, Optional<String> before) {
        long now = column.equals("seq") ? Long.parseLong(oneByteOff(String.valueOf(row))) : row;
        set(now, column, before);
    }

    private void sql(String statement) {
        boolean _ =
                stores.database()
                        .write(
                                transaction -> {
                                    run(transaction, statement);
                                    return true;
                                });
    }

    private static void run(Transaction transaction, String statement) throws SQLException {
        int _ = transaction.update(statement);
    }
}
