package dev.tandem.toolbox;

import dev.tandem.tool.ToolScope;

/// A call to be made.
///
/// @param callId unique in its run
/// @param argumentsJson as the model wrote them; may be no JSON at all, which is answered so
/// @param auditArguments whether the audit log keeps the arguments, and not only their hash
public record ToolRequest(
        ToolScope scope,
        OfferedTool tool,
        String callId,
        String argumentsJson,
        boolean auditArguments) {}
