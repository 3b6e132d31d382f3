package dev.tandem.storage.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Batches are made by filling the queue before the writer runs, on the test's own thread.
final class WriterTest {
    private static final Duration NOW = Duration.ofNanos(1);

    @TempDir Path folder;
    private Sqlite sqlite;
    private final JobQueue queue = new JobQueue(1_000);

    @BeforeEach
    void makeTable() throws SQLException {
        sqlite = new Sqlite(folder.resolve("tandem.db"));
        queue.put(
                new Job<>(
                        transaction ->
                                transaction.update("CREATE TABLE t (n BIGINT PRIMARY KEY)")));
    }

    @Test
    void writesABatchThatIsLongerThanOneCommit() throws SQLException {
        List<Job<Integer>> jobs = IntStream.range(0, 600).mapToObj(this::insert).toList();

        run();

        for (Job<Integer> job : jobs) {
            assertEquals(1, job.await(NOW));
        }
        assertEquals(600, rows().size());
    }

    @Test
    void aJobThatFailsTakesBackItsOwnChangesOnly() throws SQLException {
        Job<Integer> before = insert(1);
        Failure refusal = new Failure(FailureCode.CONFLICT, "no");
        Job<Integer> failing =
                put(
                        transaction -> {
                            transaction.update("INSERT INTO t VALUES (?)", 2);
                            throw refusal;
                        });
        Job<Integer> duplicate =
                put(
                        transaction ->
                                transaction.update("INSERT INTO t VALUES (?)", 3)
                                        + transaction.update("INSERT INTO t VALUES (?)", 1));
        Job<Integer> after = insert(4);

        run();

        assertEquals(1, before.await(NOW));
        assertEquals(1, after.await(NOW));
        assertSame(refusal, assertThrows(Failure.class, () -> failing.await(NOW)));
        Failure broken = assertThrows(Failure.class, () -> duplicate.await(NOW));
        assertEquals(FailureCode.INTERNAL, broken.code());
        assertInstanceOf(SQLException.class, broken.getCause());
        assertEquals(List.of(1L, 4L), rows());
    }

    @Test
    void tellsEveryoneWhereTheWholeTransactionIsLost() throws SQLException {
        run();
        JobQueue second = new JobQueue(10);
        Job<Integer> before = new Job<>(insertion(1));
        Job<Integer> fatal =
                new Job<>(
                        transaction -> {
                            // as SQLite does by itself where the disk is full
                            transaction.execute("ROLLBACK");
                            throw new SQLException("disk full");
                        });
        Job<Integer> after = new Job<>(insertion(2));
        List.of(before, fatal, after).forEach(second::put);
        second.close();

        new Writer(sqlite.openWriter(), second).run();

        for (Job<Integer> job : List.of(before, fatal, after)) {
            Failure failure = assertThrows(Failure.class, () -> job.await(NOW));
            assertEquals(FailureCode.INTERNAL, failure.code());
        }
        assertEquals(List.of(), rows());
    }

    @Test
    void leavesOutAJobWhoseCallerGaveUp() throws SQLException {
        Job<Integer> late = insert(1);

        Failure failure = assertThrows(Failure.class, () -> late.await(NOW));
        run();

        assertEquals(FailureCode.OVERLOADED, failure.code());
        assertTrue(failure.text().endsWith("Nothing was done."), failure.text());
        assertEquals(List.of(), rows());
    }

    @Test
    void saysSoWhereAJobMayStillBeDone() {
        Job<Integer> late = insert(1);
        assertTrue(late.start());

        Failure failure = assertThrows(Failure.class, () -> late.await(NOW));

        assertTrue(failure.text().endsWith("It may still be done."), failure.text());
    }

    @Test
    void flushesEveryCommitToTheDisk() throws SQLException {
        Job<List<String>> pragmas =
                put(
                        transaction ->
                                List.of(
                                        pragma(transaction, "journal_mode"),
                                        pragma(transaction, "synchronous"),
                                        pragma(transaction, "foreign_keys")));

        run();

        assertEquals(List.of("wal", "2", "1"), pragmas.await(NOW));
    }

    @Test
    void readersCannotWrite() throws SQLException {
        run();
        JobQueue reads = new JobQueue(10);
        Job<Integer> write = new Job<>(insertion(1));
        reads.put(write);
        reads.close();

        new Reader(sqlite.openReader(), reads).run();

        assertThrows(Failure.class, () -> write.await(NOW));
        assertFalse(rows().contains(1L));
    }

    private Job<Integer> insert(int number) {
        return put(insertion(number));
    }

    private static Work<Integer> insertion(int number) {
        return transaction -> transaction.update("INSERT INTO t VALUES (?)", number);
    }

    private <T> Job<T> put(Work<T> work) {
        Job<T> job = new Job<>(work);
        queue.put(job);
        return job;
    }

    private void run() throws SQLException {
        queue.close();
        new Writer(sqlite.openWriter(), queue).run();
    }

    private List<Long> rows() throws SQLException {
        JobQueue reads = new JobQueue(1);
        Job<List<Long>> job =
                new Job<>(
                        transaction ->
                                transaction.all(
                                        "SELECT n FROM t ORDER BY n", row -> row.number("n")));
        reads.put(job);
        reads.close();
        new Reader(sqlite.openReader(), reads).run();
        return job.await(NOW);
    }

    private static String pragma(Transaction transaction, String name) throws SQLException {
        return transaction.only("PRAGMA " + name, row -> row.text(name));
    }
}
