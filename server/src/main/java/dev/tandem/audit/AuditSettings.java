package dev.tandem.audit;

/// What the log keeps.
///
/// @param arguments whether it keeps arguments where the caller does not object, or only hashes
/// @param argumentBytesMax the most bytes of one call's arguments
public record AuditSettings(boolean arguments, int argumentBytesMax) {
    public static final AuditSettings DEFAULTS = new AuditSettings(true, 16 << 10);

    public AuditSettings {
        if (argumentBytesMax < 256) {
            throw new IllegalArgumentException(
                    "mcp.audit.argument-bytes-max must be at least 256, was " + argumentBytesMax);
        }
    }
}
