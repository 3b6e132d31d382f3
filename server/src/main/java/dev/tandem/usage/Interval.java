package dev.tandem.usage;

import java.time.Duration;

/// How long a span of time is. Spans begin on the hour or at midnight, in UTC.
public enum Interval {
    HOUR(Duration.ofHours(1)),
    DAY(Duration.ofDays(1));

    private final Duration length;

    Interval(Duration length) {
        this.length = length;
    }

    public Duration length() {
        return length;
    }
}
