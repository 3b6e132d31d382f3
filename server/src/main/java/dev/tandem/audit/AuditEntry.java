package dev.tandem.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A call in the log: its two rows as one.
///
/// @param seq the number of the decision's row
/// @param outcome empty while it has not ended
public record AuditEntry(
        long seq,
        AuditCall call,
        Ruling ruling,
        Instant decidedAt,
        Status status,
        Optional<Outcome> outcome) {

    /// What the second row says.
    public record Outcome(Duration took, Optional<String> error, Instant endedAt) {}
}
