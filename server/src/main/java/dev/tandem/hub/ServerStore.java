package dev.tandem.hub;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/// Where it is kept which servers were added and which are trusted. What a method has returned from
/// is durable. Safe for use by many threads.
public interface ServerStore {
    /// The servers that were added for a tenant, by name.
    List<AddedServer> added(String tenant);

    /// Keeps a server.
    ///
    /// @throws dev.tandem.failure.Failure ALREADY_EXISTS, param `name`
    void add(AddedServer server);

    /// Whether there was one.
    boolean remove(String tenant, String name);

    /// What is trusted of a project.
    Set<Trust> trusted(String tenant, String projectId);

    /// Trusts a server, instead of what its name stood for before.
    ///
    /// @param by the name of the admin's key
    void trust(Trust trust, String by, Instant at);
}
