package dev.tandem.toolbox;

/// What the policy says of a call.
public sealed interface Verdict {
    /// It may be made.
    ///
    /// @param by who says so, in the audit log's words
    record Allowed(String by) implements Verdict {}

    /// Somebody has to decide.
    ///
    /// @param reason why, for the person who does
    record Ask(String reason) implements Verdict {}

    /// It may not be made.
    ///
    /// @param by who says so, in the audit log's words
    /// @param reason why, for the model
    record Denied(String by, String reason) implements Verdict {}
}
