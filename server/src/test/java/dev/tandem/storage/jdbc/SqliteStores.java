package dev.tandem.storage.jdbc;

import dev.tandem.approval.ApprovalStore;
import dev.tandem.approval.ToolRuleStore;
import dev.tandem.audit.AuditStore;
import dev.tandem.project.ProjectStore;
import dev.tandem.run.RunStore;
import dev.tandem.session.SessionStore;
import dev.tandem.usage.UsageStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.jspecify.annotations.Nullable;

/// An empty database for each test.
final class SqliteStores implements BeforeEachCallback, AfterEachCallback {
    private @Nullable Path folder;
    private @Nullable Database database;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        Path fresh = Files.createTempDirectory("stores");
        folder = fresh;
        database = Database.open(StorageSettings.DEFAULTS.in(fresh));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        database().close();
        if (folder != null) {
            delete(folder);
        }
    }

    Database database() {
        if (database == null) {
            throw new IllegalStateException("no test is running");
        }
        return database;
    }

    SessionStore sessions() {
        return new JdbcSessionStore(database());
    }

    ProjectStore projects() {
        return new JdbcProjectStore(database());
    }

    RunStore runs() {
        return new JdbcRunStore(database());
    }

    UsageStore usage() {
        return new JdbcUsageStore(database());
    }

    ApprovalStore approvals() {
        return new JdbcApprovalStore(database());
    }

    ToolRuleStore toolRules() {
        return new JdbcToolRuleStore(database());
    }

    AuditStore audit() {
        return new JdbcAuditStore(database());
    }

    /// The folder that the database is in.
    Path folder() {
        if (folder == null) {
            throw new IllegalStateException("no test is running");
        }
        return folder;
    }

    private static void delete(Path folder) {
        try (Stream<Path> found = Files.walk(folder)) {
            List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
