package dev.tandem.audit;

import java.util.Locale;

/// Where a call in the log stands.
public enum Status {
    /// Decided, not ended.
    RUNNING,
    /// Decided before the server was last started, and never ended.
    LOST,
    SUCCEEDED,
    FAILED,
    DENIED,
    TIMED_OUT,
    CANCELLED,
    UNAVAILABLE;

    private final String word = name().toLowerCase(Locale.ROOT);

    /// The word that is stored and shown, such as `timed_out`.
    public String word() {
        return word;
    }

    /// The status of a word.
    public static Status of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
