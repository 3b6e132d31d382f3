package dev.tandem.service;

import com.google.protobuf.Timestamp;
import dev.tandem.failure.Failure;
import java.time.Instant;
import java.util.Optional;

/// Fields that many messages have, and their form on the wire.
final class Fields {
    private Fields() {}

    static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    static Optional<String> text(boolean present, String value) {
        return present ? Optional.of(value) : Optional.empty();
    }

    static Optional<Integer> number(boolean present, int value) {
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
