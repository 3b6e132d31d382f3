package dev.tandem.run;

import java.util.Optional;

/// Which runs to list.
///
/// @param sessionId only this session's; empty for all
/// @param state only those in this state; empty for all
public record RunQuery(Optional<String> sessionId, Optional<RunState> state) {
    public static final RunQuery ALL = new RunQuery(Optional.empty(), Optional.empty());

    /// A name for the list that this query makes, for its page tokens.
    public String list() {
        return "runs/" + sessionId.orElse("") + "/" + state.map(RunState::word).orElse("");
    }

    /// Whether a run is on the list.
    public boolean matches(RunRecord run) {
        return (sessionId.isEmpty() || sessionId.equals(run.info().sessionId()))
                && state.map(run.state()::equals).orElse(true);
    }
}
