package dev.tandem.launch;

import dev.tandem.approval.ApprovalStore;
import dev.tandem.approval.ToolRuleStore;
import dev.tandem.audit.AuditStore;
import dev.tandem.engine.Recovery;
import dev.tandem.hub.ServerStore;
import dev.tandem.id.Ids;
import dev.tandem.mcp.oauth.TokenKey;
import dev.tandem.mcp.oauth.TokenStore;
import dev.tandem.project.ProjectStore;
import dev.tandem.run.Archiver;
import dev.tandem.run.Retention;
import dev.tandem.run.RunArchive;
import dev.tandem.run.RunStore;
import dev.tandem.run.Runs;
import dev.tandem.session.SessionStore;
import dev.tandem.storage.jdbc.Database;
import dev.tandem.storage.jdbc.JdbcApprovalStore;
import dev.tandem.storage.jdbc.JdbcAuditStore;
import dev.tandem.storage.jdbc.JdbcProjectStore;
import dev.tandem.storage.jdbc.JdbcRunArchive;
import dev.tandem.storage.jdbc.JdbcRunStore;
import dev.tandem.storage.jdbc.JdbcServerStore;
import dev.tandem.storage.jdbc.JdbcSessionStore;
import dev.tandem.storage.jdbc.JdbcToolSelections;
import dev.tandem.storage.jdbc.JdbcToolRuleStore;
import dev.tandem.storage.jdbc.JdbcTokenStore;
import dev.tandem.storage.jdbc.JdbcUsageStore;
import dev.tandem.tool.ToolSelections;
import dev.tandem.usage.UsageStore;
import dev.tandem.watch.SessionFeed;
import dev.tandem.watch.WatchedRunStore;
import dev.tandem.watch.WatchedSessionStore;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The database and what is kept in it. What sessions and runs store is told to those who watch.
final class Storage implements AutoCloseable {
    /// The file of the key, where no setting holds one.
    private static final String KEY = "token.key";

    private static final Logger LOG = LoggerFactory.getLogger(Storage.class);

    final SessionStore sessions;
    final ProjectStore projects;
    final RunStore runs;
    final RunArchive archive;
    final UsageStore usage;
    final ToolSelections selections;
    final ApprovalStore approvals;
    final ToolRuleStore toolRules;
    final AuditStore audit;
    final TokenStore tokens;
    final ServerStore servers;

    /// Seals what is secret.
    final TokenKey key;

    final Archiver archiver;

    /// The life of the server that begins.
    final int epoch;

    private final Database database;
    private final Retention retention;

    /// Opens the database. Runs that a killed server left are settled by then.
    Storage(ServerSettings settings, Runs live, SessionFeed feed, Ids ids, InstantSource clock) {
        database = Database.open(settings.storage());
        sessions = new WatchedSessionStore(new JdbcSessionStore(database), feed);
        projects = new JdbcProjectStore(database);
        runs = new WatchedRunStore(new JdbcRunStore(database), live, feed);
        archive = new JdbcRunArchive(database);
        usage = new JdbcUsageStore(database);
        selections = new JdbcToolSelections(database);
        approvals = new JdbcApprovalStore(database);
        toolRules = new JdbcToolRuleStore(database);
        audit = new JdbcAuditStore(database);
        key =
                settings.mcp()
                        .tokenKey()
                        .orElseGet(() -> TokenKey.inFile(settings.storage().folder().resolve(KEY)));
        tokens = new JdbcTokenStore(database);
        servers = new JdbcServerStore(database, new TokenSeal(key));
        epoch = runs.beginEpoch();
        int left = new Recovery(runs, archive, ids).settle(epoch, clock.instant());
        if (left > 0) {
            LOG.warn("{} runs were cut off when the server stopped; they are interrupted", left);
        }
        archiver = new Archiver(archive);
        retention = new Retention(archive, settings.runs().retention(), clock);
    }

    @Override
    public void close() {
        archiver.close();
        retention.close();
        database.close();
    }
}
