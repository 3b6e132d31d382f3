package dev.tandem.usage;

import dev.tandem.failure.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A stretch of time.
///
/// @param from its beginning
/// @param to its end, which it does not include
public record Period(Instant from, Instant to) {
    /// @throws Failure INVALID_REQUEST, param `from`, where it does not end after its beginning
    public Period {
        if (!from.isBefore(to)) {
            throw Failure.invalid(
                    "from", "from must be before to, %s, was %s.".formatted(to, from));
        }
    }

    /// What a caller asks for: without a beginning it is `length` long, without an end it ends now.
    public static Period of(
            Optional<Instant> from, Optional<Instant> to, Duration length, Instant now) {
        Instant end = to.orElse(now);
        return new Period(from.orElseGet(() -> end.minus(length)), end);
    }
}
