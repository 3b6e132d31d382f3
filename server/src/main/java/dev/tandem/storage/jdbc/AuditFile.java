package dev.tandem.storage.jdbc;

import dev.tandem.audit.AuditHead;
import dev.tandem.audit.AuditRows;
import dev.tandem.audit.ChainedRow;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// The audit log of a data folder, opened to be read and nothing else, whether a server has the
/// folder or not. Used by one platform thread; whoever opens it closes it.
public final class AuditFile implements AuditRows, AutoCloseable {
    private final Path file;
    private final Connection connection;
    private final Transaction transaction;

    private AuditFile(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
        this.transaction = new Transaction(connection);
    }

    /// Opens the log.
    ///
    /// @param folder the data folder, `storage.data`
    /// @throws Failure NOT_FOUND where there is no database
    public static AuditFile open(Path folder) {
        Path file = DataFolder.database(folder);
        if (!Files.isRegularFile(file)) {
            throw Failure.notFound(
                    "storage.data", "There is no database " + file + "; check storage.data.");
        }
        try {
            return new AuditFile(file, new Sqlite(file).openReader());
        } catch (SQLException e) {
            throw unreadable(file, e);
        }
    }

    @Override
    public AuditHead head() {
        try {
            return AuditTable.head(transaction);
        } catch (SQLException e) {
            throw unreadable(file, e);
        }
    }

    @Override
    public List<ChainedRow> rows(long after, int limit) {
        try {
            return AuditTable.rows(transaction, after, limit);
        } catch (SQLException e) {
            throw unreadable(file, e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw unreadable(file, e);
        }
    }

    private static Failure unreadable(Path file, SQLException e) {
        return new Failure(
                FailureCode.INTERNAL,
                "The audit log in " + file + " cannot be read: " + e.getMessage(),
                e);
    }
}
