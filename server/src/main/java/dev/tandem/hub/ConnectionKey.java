package dev.tandem.hub;

import java.util.Optional;

/// Who shares a connection: nobody but the callers for whom all of this is the same.
///
/// @param projectId whose folder the server is told of
/// @param holder the key whose credentials the connection carries
record ConnectionKey(
        String serverId, String tenant, Optional<String> projectId, Optional<String> holder) {}
