package dev.tandem.storage.jdbc;

import dev.tandem.mcp.oauth.Sealed;
import dev.tandem.mcp.oauth.TokenOwner;
import dev.tandem.mcp.oauth.TokenStore;
import java.util.Optional;

/// Sealed tokens in the database.
public final class JdbcTokenStore implements TokenStore {
    private static final String WHERE = " WHERE tenant = ? AND key_name = ? AND server_id = ?";

    private final Database database;

    public JdbcTokenStore(Database database) {
        this.database = database;
    }

    @Override
    public Optional<Sealed> load(TokenOwner owner, String serverId) {
        return database.read(
                transaction ->
                        transaction.first(
                                "SELECT sealed FROM mcp_token" + WHERE,
                                row -> new Sealed(row.text("sealed")),
                                owner.tenant(),
                                owner.keyName(),
                                serverId));
    }

    @Override
    public void save(TokenOwner owner, String serverId, Sealed sealed) {
        int _ =
                database.write(
                        transaction ->
                                transaction.update(
                                        "INSERT INTO mcp_token (tenant, key_name, server_id,"
                                                + " sealed) VALUES (?, ?, ?, ?)"
                                                + " ON CONFLICT (tenant, key_name, server_id)"
                                                + " DO UPDATE SET sealed = excluded.sealed",
                                        owner.tenant(),
                                        owner.keyName(),
                                        serverId,
                                        sealed.text()));
    }

    @Override
    public void delete(TokenOwner owner, String serverId) {
        int _ =
                database.write(
                        transaction ->
                                transaction.update(
                                        "DELETE FROM mcp_token" + WHERE,
                                        owner.tenant(),
                                        owner.keyName(),
                                        serverId));
    }
}
