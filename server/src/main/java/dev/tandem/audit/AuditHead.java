package dev.tandem.audit;

/// Where the chain ends. Noted down elsewhere, it is what a later check can hold the log against.
///
/// @param seq the number of its last row; 0 for none
/// @param hash the last row's
public record AuditHead(long seq, String hash) {
    /// The end of a chain without rows.
    public static final AuditHead NONE = new AuditHead(0, "0".repeat(64));
}
