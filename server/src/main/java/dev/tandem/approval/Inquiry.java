package dev.tandem.approval;

import dev.tandem.tool.ToolScope;

/// What is to be asked, and for which call.
///
/// @param callId the call's id
/// @param server the server's id
/// @param tool the tool's name on its server
/// @param argumentsJson the call's arguments, without secrets and bounded
public record Inquiry(
        ToolScope scope,
        String callId,
        String server,
        String tool,
        String argumentsJson,
        CallMark mark,
        Approval.Request request) {}
