package dev.tandem.hub;

import java.time.Instant;
import java.util.Optional;

/// A server that an admin added.
///
/// @param tenant whose it is: others do not see it
/// @param name as [ServerNames#LEGAL]; unique in its tenant
/// @param declaration empty where it was stored with a key that is no longer there
/// @param addedBy the name of the admin's key
public record AddedServer(
        String tenant,
        String name,
        Optional<ServerDeclaration> declaration,
        String addedBy,
        Instant addedAt) {}
