package dev.tandem.service;

import com.google.protobuf.Timestamp;
import dev.tandem.failure.Failure;
import java.time.Instant;
import java.util.Optional;

/// Fields that many messages have, and their form on the wire.
final class Fields {
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private Fields() {}

    static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    /// Reads a time. A gRPC client can send one that is none.
    static Optional<Instant> time(String field, boolean present, Timestamp value) {
        if (!present) {
            return Optional.empty();
        }
        boolean known =
                value.getSeconds() >= FIRST.getEpochSecond()
                        && value.getSeconds() <= LAST.getEpochSecond()
                        && value.getNanos() >= 0
                        && value.getNanos() <= LAST.getNano();
        if (!known) {
            throw Failure.invalid(
                    field,
                    "%s must be a time from %s to %s, was %d seconds and %d nanoseconds."
                            .formatted(field, FIRST, LAST, value.getSeconds(), value.getNanos()));
        }
        return Optional.of(Instant.ofEpochSecond(value.getSeconds(), value.getNanos()));
    }

    static Optional<String> text(boolean present, String value) {
        return present ? Optional.of(value) : Optional.empty();
    }

    static Optional<Integer> number(boolean present, int value) {
        return present ? Optional.of(value) : Optional.empty();
    }

    static Optional<Boolean> flag(boolean present, boolean value) {
        return present ? Optional.of(value) : Optional.empty();
    }

    static String required(String field, String value) {
        if (value.isBlank()) {
            throw Failure.invalid(field, field + " is missing.");
        }
        return value;
    }

    /// A value that the bounds of the contract do not allow, which no request can have got here.
    static IllegalStateException unchecked(String field, String value) {
        return new IllegalStateException(field + " breaks its bounds: " + value);
    }
}
