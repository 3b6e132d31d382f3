package dev.tandem.audit;

import dev.tandem.tool.ToolScope;
import java.util.Optional;

/// A call, as the log names it.
///
/// @param scope for whom the call is made
/// @param callId unique in its run
/// @param server the server's id
/// @param tool the tool's name on its server
/// @param argumentsJson the arguments without secrets, bounded; empty where only their hash is kept
/// @param argumentsHash SHA-256 of the arguments as they were sent
public record AuditCall(
        ToolScope scope,
        String callId,
        String server,
        String tool,
        Optional<String> argumentsJson,
        String argumentsHash) {}
