package dev.tandem.hub;

import java.time.Instant;

/// A server that an admin added.
///
/// @param tenant whose it is: others do not see it
/// @param name as [ServerNames#LEGAL]; unique in its tenant
/// @param addedBy the name of the admin's key
public record AddedServer(
        String tenant,
        String name,
        ServerDeclaration declaration,
        String addedBy,
        Instant addedAt) {}
