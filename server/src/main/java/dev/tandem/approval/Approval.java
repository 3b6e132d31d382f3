package dev.tandem.approval;

import java.time.Instant;
import java.util.Optional;

/// A question to people that a call waits for. Decided exactly once, by any device of its tenant.
///
/// @param id `appr_` and 26 characters that sort by time
/// @param callId the call's id in its run; empty for a call outside a run
/// @param server the server's id
/// @param tool the tool's name on its server
/// @param argumentsJson the call's arguments, redacted and bounded
/// @param request what is asked
/// @param expiresAt when it counts as denied
/// @param decision empty while it is open
public record Approval(
        String id,
        String tenant,
        String keyName,
        Optional<String> projectId,
        Optional<String> sessionId,
        Optional<String> runId,
        Optional<String> callId,
        String server,
        String tool,
        String argumentsJson,
        Request request,
        Instant createdAt,
        Instant expiresAt,
        Optional<Decision> decision) {

    /// What is asked.
    public sealed interface Request {
        /// May the tool be called?
        ///
        /// @param reason why it is asked, such as "this tool says that it may destroy something"
        record Call(String reason) implements Request {}

        /// Fields to fill in.
        record Form(String message, String schemaJson) implements Request {}

        /// A page to visit.
        record Page(String message, String url) implements Request {}

        /// May the server ask the model?
        record Sampling(String message, String paramsJson) implements Request {}
    }

    /// How it was decided.
    ///
    /// @param by the key that decided; empty where time did, or the end of the run
    /// @param contentJson what was filled in
    /// @param note what the decider wants the model to know
    public record Decision(
            State state,
            Optional<String> by,
            Remember remember,
            Optional<String> contentJson,
            Optional<String> note,
            Instant at) {}

    /// Where it stands.
    public enum State {
        PENDING,
        ALLOWED,
        DENIED,
        /// Nobody decided in time: denied.
        EXPIRED,
        /// The run ended before anybody decided.
        CANCELLED
    }

    /// For what a decision counts.
    public enum Remember {
        /// For this call.
        ONCE,
        /// For every call of this tool in this session.
        SESSION,
        /// For every call of this tool in this project.
        PROJECT
    }

    public State state() {
        return decision.map(Decision::state).orElse(State.PENDING);
    }
}
