package dev.tandem.storage.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.run.RunRecord;
import dev.tandem.session.Session;
import dev.tandem.session.SessionsTotals;
import dev.tandem.storage.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class DatabaseTest {
    @TempDir Path folder;

    @Test
    void keepsWhatManyThreadsWriteAtOnce() throws Exception {
        try (Database database = open()) {
            List<Future<?>> done = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 200; i++) {
                    done.add(threads.submit(() -> talk(database, 3)));
                }
            }
            for (Future<?> each : done) {
                each.get();
            }

            long tokens = 600 * Samples.USAGE.totalTokens();
            assertEquals(
                    new SessionsTotals(200, 0, 1_200, tokens, 600_000),
                    new JdbcSessionStore(database).totals(Samples.TENANT));
        }
    }

    private static void talk(Database database, int turns) {
        JdbcSessionStore sessions = new JdbcSessionStore(database);
        JdbcRunStore runs = new JdbcRunStore(database);
        Session session = Samples.session();
        sessions.create(session);
        for (int i = 0; i < turns; i++) {
            RunRecord run = Samples.run(session);
            runs.begin(run, List.of(Samples.question(run, "Why?")), Optional.of("Why?"));
            assertEquals(2 * i + 1, sessions.history(session.tenant(), session.id()).size());
            runs.finish(
                    Samples.completed(run, Samples.bill(1_000)),
                    List.of(Samples.answer(run, "Because.")),
                    false,
                    Optional.empty());
        }
    }

    @Test
    void entersNativeCodeOnPlatformThreadsOnly() throws Exception {
        try (Database database = open();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Work<Boolean> virtual = transaction -> Thread.currentThread().isVirtual();

            assertFalse(threads.submit(() -> database.write(virtual)).get());
            assertFalse(threads.submit(() -> database.read(virtual)).get());
            ExecutionException refusal =
                    assertThrows(ExecutionException.class, () -> threads.submit(this::open).get());
            assertInstanceOf(IllegalStateException.class, refusal.getCause());
        }
    }

    @Test
    void readsOneStateWhileAnotherIsWritten() throws Exception {
        try (Database database = open();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch written = new CountDownLatch(1);
            Future<List<Long>> seen =
                    threads.submit(
                            () ->
                                    database.read(
                                            transaction -> {
                                                long before = count(transaction);
                                                begun.countDown();
                                                await(written);
                                                return List.of(before, count(transaction));
                                            }));
            await(begun);
            new JdbcSessionStore(database).create(Samples.session());
            written.countDown();

            assertEquals(List.of(0L, 0L), seen.get());
            assertEquals(1L, database.read(DatabaseTest::count));
        }
    }

    @Test
    void anInterruptedWriterLearnsTheOutcomeAndStaysInterrupted() {
        try (Database database = open()) {
            Thread.currentThread().interrupt();
            new JdbcSessionStore(database).create(Samples.session());

            assertTrue(Thread.interrupted());
            assertEquals(1L, database.read(DatabaseTest::count));
        }
    }

    @Test
    void anInterruptedReaderStopsAndStaysInterrupted() {
        try (Database database = open()) {
            Thread.currentThread().interrupt();
            Failure failure = assertThrows(Failure.class, () -> database.read(DatabaseTest::count));

            assertTrue(Thread.interrupted());
            assertEquals(FailureCode.CANCELLED, failure.code());
        }
    }

    @Test
    void refusesWritesThatItHasNoRoomFor() throws Exception {
        StorageSettings narrow = new StorageSettings(folder, 1, 1, Duration.ofSeconds(20));
        try (Database database = Database.open(narrow);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch busy = new CountDownLatch(1);
            CountDownLatch free = new CountDownLatch(1);
            Future<Boolean> slow =
                    threads.submit(
                            () ->
                                    database.write(
                                            transaction -> {
                                                busy.countDown();
                                                return await(free);
                                            }));
            await(busy);
            CompletionService<Integer> two = new ExecutorCompletionService<>(threads);
            two.submit(() -> database.write(transaction -> 1));
            two.submit(() -> database.write(transaction -> 1));

            ExecutionException refused =
                    assertThrows(ExecutionException.class, () -> two.take().get());
            free.countDown();

            Failure overload = assertInstanceOf(Failure.class, refused.getCause());
            assertEquals(FailureCode.OVERLOADED, overload.code());
            assertEquals(1, two.take().get());
            assertTrue(slow.get());
        }
    }

    @Test
    void refusesWorkOnceItIsClosedAndKeepsWhatItHas() {
        Database database = open();
        Session session = Samples.session();
        new JdbcSessionStore(database).create(session);
        database.close();
        database.close();

        Failure failure =
                assertThrows(Failure.class, () -> new JdbcSessionStore(database).totals("anyone"));

        assertEquals(FailureCode.SHUTTING_DOWN, failure.code());
        try (Database again = open()) {
            assertEquals(
                    Optional.of(session),
                    new JdbcSessionStore(again).find(session.tenant(), session.id()));
        }
    }

    @Test
    void tidiesUpItsLogWhenItIsClosed() throws IOException {
        open().close();

        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    List.of("tandem.db", "tandem.lock"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void refusesAFolderThatAnotherServerHas() {
        try (Database _ = open()) {
            Failure failure = assertThrows(Failure.class, this::open);

            assertEquals(FailureCode.CONFLICT, failure.code());
            assertEquals(
                    "The data folder "
                            + folder
                            + " is in use by another server; stop that one, or set"
                            + " storage.data.",
                    failure.text());
        }
        open().close();
    }

    @Test
    void makesAFolderThatOthersCannotRead() throws IOException {
        Path fresh = folder.resolve("a/b");

        Database.open(StorageSettings.DEFAULTS.in(fresh)).close();

        assertEquals(
                "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(fresh)));
    }

    @Test
    void refusesAFolderThatIsNone() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        Failure failure =
                assertThrows(Failure.class, () -> Database.open(StorageSettings.DEFAULTS.in(file)));

        assertEquals("storage.data must be a folder, but " + file + " is a file.", failure.text());
    }

    @Test
    void refusesAFileOfANewerVersion() {
        try (Database database = open()) {
            database.write(
                    transaction ->
                            transaction.update(
                                    "INSERT INTO flyway_schema_history (installed_rank, version,"
                                            + " description, type, script, checksum, installed_by,"
                                            + " installed_on, execution_time, success) VALUES"
                                            + " (99, '99', 'x', 'SQL', 'V99__x.sql', 1, '', '', 1,"
                                            + " 1)"));
        }

        Failure failure = assertThrows(Failure.class, this::open);

        assertTrue(failure.text().contains("newer version"), failure.text());
        Failure again = assertThrows(Failure.class, this::open);
        assertEquals(FailureCode.INTERNAL, again.code());
    }

    private Database open() {
        return Database.open(StorageSettings.DEFAULTS.in(folder));
    }

    private static long count(Transaction transaction) throws SQLException {
        return transaction.only("SELECT COUNT(*) AS n FROM session", row -> row.number("n"));
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
