package dev.tandem.hub;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Keeps everything until the test ends.
final class MemoryServerStore implements ServerStore {
    private final Map<String, AddedServer> servers = new TreeMap<>();
    private final Set<Trust> trusted = new HashSet<>();

    @Override
    public synchronized List<AddedServer> added(String tenant) {
        return servers.values().stream().filter(one -> one.tenant().equals(tenant)).toList();
    }

    @Override
    public synchronized void add(AddedServer server) {
        String key = server.tenant() + "/" + server.name();
        if (servers.putIfAbsent(key, server) != null) {
            throw new Failure(FailureCode.ALREADY_EXISTS, "taken").at("name");
        }
    }

    @Override
    public synchronized boolean remove(String tenant, String name) {
        return servers.remove(tenant + "/" + name) != null;
    }

    @Override
    public synchronized Set<Trust> trusted(String tenant, String projectId) {
        return trusted.stream()
                .filter(one -> one.tenant().equals(tenant) && one.projectId().equals(projectId))
                .collect(Collectors.toSet());
    }

    @Override
    public synchronized void trust(Trust trust, String by, Instant at) {
        trusted.removeIf(
                one ->
                        one.tenant().equals(trust.tenant())
                                && one.projectId().equals(trust.projectId())
                                && one.server().equals(trust.server()));
        trusted.add(trust);
    }
}
