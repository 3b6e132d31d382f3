package dev.tandem.approval;

import dev.tandem.approval.Approval.State;
import java.util.Optional;

/// Which approvals to list; what is empty excludes none.
public record ApprovalQuery(
        Optional<State> state, Optional<String> sessionId, Optional<String> runId) {
    public static final ApprovalQuery ALL =
            new ApprovalQuery(Optional.empty(), Optional.empty(), Optional.empty());

    /// A name for the list that this query makes, for its page tokens.
    public String list() {
        return "approvals/%s/%s/%s"
                .formatted(
                        state.map(State::name).orElse(""), sessionId.orElse(""), runId.orElse(""))
                .replace('\n', ' ');
    }
}
