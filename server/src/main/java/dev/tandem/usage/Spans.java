package dev.tandem.usage;

import dev.tandem.failure.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Spans of time of equal length, one after another.
///
/// @param start when the first begins
/// @param count how many there are, 1 to [#COUNT_MAX]
public record Spans(Interval interval, Instant start, int count) {
    public static final int COUNT_MAX = 1000;

    /// The spans that a period touches, whole: from the one that holds its beginning to the last
    /// one that begins before its end.
    ///
    /// @throws Failure INVALID_REQUEST, param `from`, where there are more than [#COUNT_MAX]
    public static Spans of(Interval interval, Period period) {
        long length = interval.length().toMillis();
        long first = Math.floorDiv(period.from().toEpochMilli(), length);
        long last = Math.floorDiv(period.to().minusNanos(1).toEpochMilli(), length);
        long count = last - first + 1;
        if (count > COUNT_MAX) {
            throw tooMany(interval, count);
        }
        return new Spans(interval, Instant.ofEpochMilli(first * length), (int) count);
    }

    private static Failure tooMany(Interval interval, long count) {
        String remedy =
                switch (interval) {
                    case HOUR -> "ask for less time at once, or by day";
                    case DAY -> "ask for less time at once";
                };
        return Failure.invalid(
                "from",
                "from must be at most %d spans of %s before to, was %d; %s."
                        .formatted(COUNT_MAX, word(interval), count, remedy));
    }

    private static String word(Interval interval) {
        return switch (interval) {
            case HOUR -> "an hour";
            case DAY -> "a day";
        };
    }

    /// When the last ends.
    public Instant end() {
        return start(count);
    }

    private Instant start(int index) {
        Duration offset = interval.length().multipliedBy(index);
        return start.plus(offset);
    }

    /// Puts sums into their spans, and zeros into the others.
    ///
    /// @param known by the start of their span
    public List<SpanTotals> filledWith(Map<Instant, UsageTotals> known) {
        return IntStream.range(0, count)
                .mapToObj(this::start)
                .map(begin -> new SpanTotals(begin, known.getOrDefault(begin, UsageTotals.NONE)))
                .toList();
    }
}
