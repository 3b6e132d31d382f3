package dev.tandem.tool;

import java.util.Optional;

/// For whom a tool is listed or called. It decides which servers are seen, whose credentials they
/// get and which rules apply.
///
/// @param tenant whose things they are
/// @param keyName the key that asked
/// @param admin whether that key may do what only the operator may
public record ToolScope(
        String tenant,
        String keyName,
        boolean admin,
        Optional<String> projectId,
        Optional<String> sessionId,
        Optional<String> runId) {}
