package dev.tandem.mcp.oauth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps holdings, sealed.
final class Vault {
    private static final Logger LOG = LoggerFactory.getLogger(Vault.class);

    private final TokenStore store;
    private final TokenKey key;

    Vault(TokenStore store, TokenKey key) {
        this.store = store;
        this.key = key;
    }

    /// What is kept; empty where nothing is, or the key does not open it.
    Optional<Holding> load(TokenOwner owner, String serverId) {
        Optional<Sealed> sealed = store.load(owner, serverId);
        if (sealed.isEmpty()) {
            return Optional.empty();
        }
        Optional<byte[]> plain = key.open(sealed.get(), context(owner, serverId));
        if (plain.isEmpty()) {
            LOG.warn(
                    "the token key does not open what is kept of {} for the MCP server {}: it was"
                            + " sealed with another. Set mcp.token-key to the old key, or sign in"
                            + " again",
                    owner.keyName(),
                    serverId);
        }
        return plain.map(HoldingJson::read);
    }

    void save(TokenOwner owner, String serverId, Holding holding) {
        byte[] context = context(owner, serverId);
        store.save(owner, serverId, key.seal(HoldingJson.write(holding), context));
    }

    void delete(TokenOwner owner, String serverId) {
        store.delete(owner, serverId);
    }

    /// Each part with its length before it, so that no two owners and servers have the same.
    private static byte[] context(TokenOwner owner, String serverId) {
        byte[] tenant = owner.tenant().getBytes(StandardCharsets.UTF_8);
        byte[] keyName = owner.keyName().getBytes(StandardCharsets.UTF_8);
        byte[] server = serverId.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(12 + tenant.length + keyName.length + server.length)
                .putInt(tenant.length)
                .put(tenant)
                .putInt(keyName.length)
                .put(keyName)
                .putInt(server.length)
                .put(server)
                .array();
    }
}
