package dev.tandem.storage.jdbc;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;

/// What is particular to SQLite: how its file is opened, and the words that other databases do not
/// know. Every other statement is written for PostgreSQL too.
///
/// Commits are flushed to the disk (`synchronous=FULL`). Calls go into native code, which would
/// hold a virtual thread's carrier, so only platform threads may make them.
final class Sqlite {
    /// Takes the write lock at once: a transaction that reads first could fail to get it later.
    static final String BEGIN_WRITE = "BEGIN IMMEDIATE";

    static final String BEGIN_READ = "BEGIN";

    private static final Duration BUSY_LIMIT = Duration.ofSeconds(5);

    private final Path file;

    Sqlite(Path file) {
        this.file = file;
    }

    /// Brings the tables up to date.
    void migrate() {
        try {
            Flyway.configure()
                    .dataSource(source(writing()))
                    .locations("classpath:db/migration")
                    // a file that a newer server wrote is refused, not guessed at
                    .ignoreMigrationPatterns(new String[0])
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new Failure(
                    FailureCode.INTERNAL,
                    "The database "
                            + file
                            + " could not be brought up to date. Was it written by a newer"
                            + " version? "
                            + e.getMessage(),
                    e);
        }
    }

    Connection openWriter() throws SQLException {
        return source(writing()).getConnection();
    }

    /// Opens a connection that cannot write. The file must exist.
    Connection openReader() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout((int) BUSY_LIMIT.toMillis());
        return source(config).getConnection();
    }

    private static SQLiteConfig writing() {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.enforceForeignKeys(true);
        // all keys are our own; without this each insert is followed by a query
        config.setGetGeneratedKeys(false);
        config.setBusyTimeout((int) BUSY_LIMIT.toMillis());
        return config;
    }

    private DataSource source(SQLiteConfig config) {
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
        return source;
    }
}
