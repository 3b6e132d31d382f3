package dev.tandem.edge.json;

import com.google.protobuf.Message;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;

/// Times and durations as text: `2026-11-24T10:00:00Z`, `1.5s`.
final class Times {
    private static final int SECONDS = 1;
    private static final int NANOS = 2;
    private static final long BILLION = 1_000_000_000;
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private Times() {}

    static String timestamp(Message timestamp) {
        return DateTimeFormatter.ISO_INSTANT.format(
                Instant.ofEpochSecond(seconds(timestamp), nanos(timestamp)));
    }

    static String duration(Message duration) {
        BigDecimal seconds =
                BigDecimal.valueOf(seconds(duration)).add(BigDecimal.valueOf(nanos(duration), 9));
        return seconds.stripTrailingZeros().toPlainString() + "s";
    }

    /// Reads RFC 3339 with any offset, into an empty `google.protobuf.Timestamp`.
    static boolean readTimestamp(String text, Message.Builder into) {
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant();
            if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
                return false;
            }
            set(into, instant.getEpochSecond(), instant.getNano());
            return true;
        } catch (DateTimeException malformed) {
            return false;
        }
    }

    /// Reads seconds such as `1.5s`, into an empty `google.protobuf.Duration`.
    static boolean readDuration(String text, Message.Builder into) {
        if (!text.matches("-?[0-9]{1,9}(\\.[0-9]{1,9})?s")) {
            return false;
        }
        BigDecimal seconds = new BigDecimal(text.substring(0, text.length() - 1));
        long nanos = seconds.movePointRight(9).longValueExact();
        set(into, nanos / BILLION, (int) (nanos % BILLION));
        return true;
    }

    private static long seconds(Message time) {
        return (long) time.getField(time.getDescriptorForType().findFieldByNumber(SECONDS));
    }

    private static int nanos(Message time) {
        return (int) time.getField(time.getDescriptorForType().findFieldByNumber(NANOS));
    }

    private static void set(Message.Builder into, long seconds, int nanos) {
        into.setField(into.getDescriptorForType().findFieldByNumber(SECONDS), seconds);
        into.setField(into.getDescriptorForType().findFieldByNumber(NANOS), nanos);
    }
}
