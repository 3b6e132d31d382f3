package dev.tandem.edge.listener;

import io.grpc.Deadline;
import java.util.concurrent.TimeUnit;

/// Reads `grpc-timeout`: up to eight digits and a unit.
final class GrpcTimeout {

    private static final int DIGITS_MAX = 8;

    private GrpcTimeout() {}

    /// @throws IllegalArgumentException if it is anything else
    static Deadline deadline(String timeout) {
        int digits = timeout.length() - 1;
        if (digits < 1 || digits > DIGITS_MAX || !isNumber(timeout, digits)) {
            throw new IllegalArgumentException("malformed grpc-timeout: " + timeout);
        }
        long value = Long.parseLong(timeout, 0, digits, 10);
        return Deadline.after(value, unit(timeout.charAt(digits)));
    }

    private static boolean isNumber(String text, int length) {
        return text.chars().limit(length).allMatch(digit -> digit >= '0' && digit <= '9');
    }

    private static TimeUnit unit(char unit) {
        return switch (unit) {
            case 'H' -> TimeUnit.HOURS;
            case 'M' -> TimeUnit.MINUTES;
            case 'S' -> TimeUnit.SECONDS;
            case 'm' -> TimeUnit.MILLISECONDS;
            case 'u' -> TimeUnit.MICROSECONDS;
            case 'n' -> TimeUnit.NANOSECONDS;
            default -> throw new IllegalArgumentException("unknown unit of grpc-timeout: " + unit);
        };
    }
}
