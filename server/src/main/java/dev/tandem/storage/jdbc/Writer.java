package dev.tandem.storage.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that writes. It takes what waits and commits it as a whole, so that one flush to
/// the disk serves many callers. Each job has a savepoint: one that fails takes back its own
/// changes and nobody else's. Callers hear of it after the commit.
final class Writer implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final int BATCH_MAX = 512;

    private final Connection connection;
    private final Transaction transaction;
    private final JobQueue queue;

    Writer(Connection connection, JobQueue queue) {
        this.connection = connection;
        this.transaction = new Transaction(connection);
        this.queue = queue;
    }

    @Override
    public void run() {
        List<Job<?>> batch = new ArrayList<>();
        while (queue.take(batch, BATCH_MAX)) {
            write(batch);
            batch.clear();
        }
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.warn("the database did not close cleanly; nothing stored is lost", e);
        }
    }

    private void write(List<Job<?>> batch) {
        try {
            transaction.execute(Sqlite.BEGIN_WRITE);
            for (Job<?> job : batch) {
                if (job.start()) {
                    attempt(job);
                }
            }
            transaction.execute("COMMIT");
        } catch (Throwable broken) {
            LOG.error("{} writes were rolled back", batch.size(), broken);
            rollBack();
            batch.forEach(job -> job.end(broken));
            return;
        }
        batch.forEach(Job::end);
    }

    /// Where the savepoint is gone too (a full disk takes the whole transaction back), this throws
    /// and the batch fails as a whole.
    private void attempt(Job<?> job) throws SQLException {
        transaction.execute("SAVEPOINT job");
        if (!job.run(transaction)) {
            transaction.execute("ROLLBACK TO SAVEPOINT job");
        }
        transaction.execute("RELEASE SAVEPOINT job");
    }

    private void rollBack() {
        try {
            transaction.execute("ROLLBACK");
        } catch (SQLException none) {
            LOG.debug("there was no transaction to roll back", none);
        }
    }
}
