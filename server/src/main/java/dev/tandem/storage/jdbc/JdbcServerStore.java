package dev.tandem.storage.jdbc;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.hub.AddedServer;
import dev.tandem.hub.DeclarationJson;
import dev.tandem.hub.Seal;
import dev.tandem.hub.ServerDeclaration;
import dev.tandem.hub.ServerStore;
import dev.tandem.hub.Trust;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Added servers in the database, sealed, and which servers are trusted.
public final class JdbcServerStore implements ServerStore {
    private final Database database;
    private final Seal seal;

    public JdbcServerStore(Database database, Seal seal) {
        this.database = database;
        this.seal = seal;
    }

    @Override
    public List<AddedServer> added(String tenant) {
        return database.read(
                transaction ->
                        transaction.all(
                                "SELECT tenant, name, declaration, added_by, added_at"
                                        + " FROM mcp_server WHERE tenant = ? ORDER BY name",
                                this::server,
                                tenant));
    }

    private AddedServer server(Row row) throws SQLException {
        String tenant = row.text("tenant");
        String name = row.text("name");
        Optional<ServerDeclaration> declaration =
                seal.open(row.text("declaration"), context(tenant, name))
                        .map(DeclarationJson::read);
        return new AddedServer(
                tenant, name, declaration, row.text("added_by"), row.time("added_at"));
    }

    /// Neither part has a line break.
    private static String context(String tenant, String name) {
        return "mcp_server\n" + tenant + "\n" + name;
    }

    @Override
    public void add(AddedServer server) {
        String declaration =
                seal.seal(
                        DeclarationJson.write(server.declaration().orElseThrow()),
                        context(server.tenant(), server.name()));
        int rows =
                database.write(
                        transaction ->
                                transaction.update(
                                        "INSERT INTO mcp_server (tenant, name, declaration,"
                                                + " added_by, added_at) VALUES (?, ?, ?, ?, ?)"
                                                + " ON CONFLICT (tenant, name) DO NOTHING",
                                        server.tenant(),
                                        server.name(),
                                        declaration,
                                        server.addedBy(),
                                        server.addedAt()));
        if (rows == 0) {
            throw new Failure(
                            FailureCode.ALREADY_EXISTS,
                            "There is a server " + server.name() + " already; choose another name.")
                    .at("name");
        }
    }

    @Override
    public boolean remove(String tenant, String name) {
        return database.write(
                transaction ->
                        transaction.update(
                                        "DELETE FROM mcp_server WHERE tenant = ? AND name = ?",
                                        tenant,
                                        name)
                                == 1);
    }

    @Override
    public Set<Trust> trusted(String tenant, String projectId) {
        List<Trust> rows =
                database.read(
                        transaction ->
                                transaction.all(
                                        "SELECT server, hash FROM mcp_trust"
                                                + " WHERE tenant = ? AND project_id = ?",
                                        row ->
                                                new Trust(
                                                        tenant,
                                                        projectId,
                                                        row.text("server"),
                                                        row.text("hash")),
                                        tenant,
                                        projectId));
        return Set.copyOf(rows);
    }

    @Override
    public void trust(Trust trust, String by, Instant at) {
        int _ =
                database.write(
                        transaction ->
                                transaction.update(
                                        "INSERT INTO mcp_trust (tenant, project_id, server, hash,"
                                                + " trusted_by, trusted_at)"
                                                + " VALUES (?, ?, ?, ?, ?, ?)"
                                                + " ON CONFLICT (tenant, project_id, server)"
                                                + " DO UPDATE SET hash = excluded.hash,"
                                                + " trusted_by = excluded.trusted_by,"
                                                + " trusted_at = excluded.trusted_at",
                                        trust.tenant(),
                                        trust.projectId(),
                                        trust.server(),
                                        trust.hash(),
                                        by,
                                        at));
    }
}
