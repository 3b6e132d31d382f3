package dev.tandem.audit;

import java.time.Duration;
import java.util.Optional;

/// How a call ended.
///
/// @param took how long the server had it
/// @param error why it did not succeed, without secrets; cut where it is long
public record AuditOutcome(Status status, Duration took, Optional<String> error) {
    private static final int ERROR_CHARS_MAX = 2_000;

    public AuditOutcome {
        error = error.map(Secrets::hide).map(AuditOutcome::cut);
    }

    private static String cut(String text) {
        return text.length() <= ERROR_CHARS_MAX ? text : text.substring(0, ERROR_CHARS_MAX) + "…";
    }
}
