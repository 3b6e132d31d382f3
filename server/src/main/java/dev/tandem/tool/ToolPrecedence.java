package dev.tandem.tool;

import java.util.Optional;

/// What of several choices of tools is in force: a session's, else its project's, else the
/// operator's.
///
/// @param byDefault what is offered where neither session nor project say otherwise
public record ToolPrecedence(ToolSelections selections, ToolSelection byDefault) {
    /// What is in force for a session, or for a conversation without one.
    public ToolSelection of(String tenant, Optional<String> sessionId, Optional<String> projectId) {
        return chosen(tenant, sessionId).over(chosen(tenant, projectId)).over(byDefault);
    }

    private ToolSelection chosen(String tenant, Optional<String> owner) {
        return owner.map(id -> selections.find(tenant, id)).orElse(ToolSelection.INHERIT);
    }
}
