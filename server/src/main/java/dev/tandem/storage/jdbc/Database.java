package dev.tandem.storage.jdbc;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// An SQLite database with one thread that writes and a few that read. Callers, as a rule virtual
/// threads, hand their work over and wait; they never enter native code themselves.
///
/// What [#write] has returned from is on the disk. A caller that is interrupted while it waits for
/// a write goes on waiting and keeps the interrupt, so that it knows the outcome; one that has
/// waited for the limit is told whether its write may still happen. A read ends at the interrupt.
///
/// Whoever opens it closes it. Safe for use by many threads.
public final class Database implements AutoCloseable {
    private final DataFolder folder;
    private final Duration waitMax;
    private final JobQueue writes;
    private final JobQueue reads;
    private final List<Thread> readers = new ArrayList<>();
    private final Thread writer;

    private Database(DataFolder folder, Sqlite sqlite, StorageSettings settings)
            throws SQLException {
        this.folder = folder;
        this.waitMax = settings.waitMax();
        this.writes = new JobQueue(settings.queueMax());
        this.reads = new JobQueue(settings.queueMax());
        this.writer = thread("storage-writer", new Writer(sqlite.openWriter(), writes));
        for (int i = 1; i <= settings.readers(); i++) {
            readers.add(thread("storage-reader-" + i, new Reader(sqlite.openReader(), reads)));
        }
    }

    /// Takes the folder, brings the tables up to date and starts the threads. Called by a platform
    /// thread.
    ///
    /// @throws Failure CONFLICT where another server has the folder
    public static Database open(StorageSettings settings) {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a database must be opened by a platform thread");
        }
        DataFolder folder = DataFolder.take(settings.folder());
        try {
            Sqlite sqlite = new Sqlite(folder.database());
            sqlite.migrate();
            Database database = new Database(folder, sqlite, settings);
            database.writer.start();
            database.readers.forEach(Thread::start);
            return database;
        } catch (SQLException e) {
            folder.close();
            throw new Failure(
                    FailureCode.INTERNAL,
                    "The database " + folder.database() + " could not be opened.",
                    e);
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    /// Does work that only reads, on a snapshot, at the same time as others.
    <T> T read(Work<T> work) {
        Job<T> job = new Job<>(work);
        reads.put(job);
        return job.awaitInterruptibly(waitMax);
    }

    /// Does work that reads and writes, after the writes before it, as a whole or not at all.
    <T> T write(Work<T> work) {
        Job<T> job = new Job<>(work);
        writes.put(job);
        return job.await(waitMax);
    }

    /// The same for work that nobody waits for: a moment later, with others in one commit.
    <T> T writeWithoutHurry(Work<T> work) {
        Job<T> job = new Job<>(work);
        writes.putWithoutHurry(job);
        return job.await(waitMax);
    }

    /// Finishes what was handed in, refuses more, and gives the folder free.
    @Override
    public void close() {
        reads.close();
        readers.forEach(Database::join);
        // last, for the last connection to close tidies up the log file and must be able to write
        writes.close();
        join(writer);
        folder.close();
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread thread(String name, Runnable loop) {
        return Thread.ofPlatform().name(name).daemon().unstarted(loop);
    }
}
