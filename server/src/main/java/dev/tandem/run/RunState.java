package dev.tandem.run;

import java.util.Locale;

/// Where a run stands.
public enum RunState {
    QUEUED,
    RUNNING,
    WAITING,
    COMPLETED,
    FAILED,
    CANCELLED,
    INTERRUPTED;

    private final String word = name().toLowerCase(Locale.ROOT);

    /// Whether nothing will change any more.
    public boolean ended() {
        return compareTo(COMPLETED) >= 0;
    }

    /// The word that is stored, such as `running`.
    public String word() {
        return word;
    }
}
