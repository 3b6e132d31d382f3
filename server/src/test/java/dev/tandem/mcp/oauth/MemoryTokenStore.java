package dev.tandem.mcp.oauth;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps what was sealed until the test is over.
public final class MemoryTokenStore implements TokenStore {
    private final ConcurrentHashMap<List<String>, Sealed> sealed = new ConcurrentHashMap<>();

    @Override
    public Optional<Sealed> load(TokenOwner owner, String serverId) {
        return Optional.ofNullable(sealed.get(key(owner, serverId)));
    }

    @Override
    public void save(TokenOwner owner, String serverId, Sealed value) {
        sealed.put(key(owner, serverId), value);
    }

    @Override
    public void delete(TokenOwner owner, String serverId) {
        sealed.remove(key(owner, serverId));
    }

    List<String> texts() {
        return sealed.values().stream().map(Sealed::text).toList();
    }

    private static List<String> key(TokenOwner owner, String serverId) {
        return List.of(owner.tenant(), owner.keyName(), serverId);
    }
}
