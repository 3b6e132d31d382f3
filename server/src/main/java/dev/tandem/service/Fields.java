package dev.tandem.service;

import com.google.protobuf.Timestamp;
import dev.tandem.failure.Failure;
import java.time.Instant;
import java.util.Optional;

/// Fields that many messages have: their bounds, and their form on the wire.
final class Fields {
    static final int TITLE_CHARS_MAX = 200;
    static final int PROMPT_CHARS_MAX = 1 << 20;
    static final int NAME_CHARS_MAX = 200;
    static final int DESCRIPTION_CHARS_MAX = 10_000;

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

    /// Refuses a text that is longer than a field may be.
    static Optional<String> bounded(String field, Optional<String> value, int charsMax) {
        value.filter(text -> text.length() > charsMax)
                .ifPresent(
                        text -> {
                            throw Failure.invalid(
                                    field,
                                    field
                                            + " must have at most "
                                            + charsMax
                                            + " characters, has "
                                            + text.length()
                                            + ".");
                        });
        return value;
    }
}
