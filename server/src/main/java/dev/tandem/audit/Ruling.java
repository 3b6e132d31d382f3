package dev.tandem.audit;

/// Whether a call may be made, and who says so.
///
/// @param by `policy`, `hints`, `arguments`, `time`, `end of the call`, `failure`, `rule` and its
///     id, or `key` and its name
public record Ruling(boolean allowed, String by) {
    /// The word that is stored: `allowed` or `denied`.
    public String word() {
        return allowed ? "allowed" : "denied";
    }
}
