package dev.tandem.approval;

import java.util.Optional;

/// Which rules to list; what is empty excludes none.
public record ToolRuleQuery(Optional<String> sessionId, Optional<String> projectId) {
    /// A name for the list that this query makes, for its page tokens.
    public String list() {
        return "tool_rules/%s/%s"
                .formatted(sessionId.orElse(""), projectId.orElse(""))
                .replace('\n', ' ');
    }
}
