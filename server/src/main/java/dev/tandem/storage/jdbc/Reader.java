package dev.tandem.storage.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A thread that reads, each job on a snapshot of its own.
final class Reader implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Reader.class);

    private final Connection connection;
    private final Transaction transaction;
    private final JobQueue queue;

    Reader(Connection connection, JobQueue queue) {
        this.connection = connection;
        this.transaction = new Transaction(connection);
        this.queue = queue;
    }

    @Override
    public void run() {
        List<Job<?>> next = new ArrayList<>(1);
        while (queue.take(next, 1)) {
            Job<?> job = next.removeFirst();
            if (job.start()) {
                read(job);
            }
        }
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.warn("a connection did not close cleanly", e);
        }
    }

    private void read(Job<?> job) {
        try {
            transaction.execute(Sqlite.BEGIN_READ);
            try {
                job.run(transaction);
            } finally {
                transaction.execute("ROLLBACK");
            }
        } catch (Throwable broken) {
            LOG.error("a read failed", broken);
            job.end(broken);
            return;
        }
        job.end();
    }
}
