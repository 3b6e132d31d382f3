package dev.tandem.mcp.oauth;

import java.util.Optional;

/// Keeps what was sealed, one thing for each owner and server. Safe for use by many threads.
public interface TokenStore {
    Optional<Sealed> load(TokenOwner owner, String serverId);

    /// Keeps it in place of what was there.
    void save(TokenOwner owner, String serverId, Sealed sealed);

    /// Does nothing where nothing is.
    void delete(TokenOwner owner, String serverId);
}
