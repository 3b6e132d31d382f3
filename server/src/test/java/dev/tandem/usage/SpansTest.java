package dev.tandem.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpansTest {
    private static final Instant NOW = Instant.parse("2026-11-25T10:30:00Z");

    @ParameterizedTest
    @CsvSource({
        "DAY,  2026-11-20T00:00:00Z,     2026-11-21T00:00:00Z,         2026-11-20T00:00:00Z, 1",
        "DAY,  2026-11-20T00:00:00Z,     2026-11-21T00:00:00.000001Z,  2026-11-20T00:00:00Z, 2",
        "DAY,  2026-11-20T23:59:59.999Z, 2026-11-22T00:00:00.001Z,     2026-11-20T00:00:00Z, 3",
        "HOUR, 2026-11-20T10:30:00Z,     2026-11-20T10:31:00Z,         2026-11-20T10:00:00Z, 1",
        "HOUR, 2026-11-20T10:30:00Z,     2026-11-21T10:30:00Z,         2026-11-20T10:00:00Z, 25",
        "DAY,  1969-12-31T23:00:00Z,     1970-01-01T01:00:00Z,         1969-12-31T00:00:00Z, 2",
        "DAY,  2024-02-29T00:00:00Z,     2026-11-25T00:00:00Z,         2024-02-29T00:00:00Z, 1000",
    })
    void areThoseThatThePeriodTouches(
            Interval interval, Instant from, Instant to, Instant start, int count) {
        assertEquals(new Spans(interval, start, count), Spans.of(interval, new Period(from, to)));
    }

    @ParameterizedTest
    @CsvSource({
        "DAY,  2024-02-28T23:59:59Z, 1000 spans of a day before to, 'was 1001; ask for less time at once.'",
        "HOUR, 2026-01-01T00:00:00Z, 1000 spans of an hour before to, by day",
        "HOUR, 0001-01-01T00:00:00Z, 1000 spans of an hour before to, by day",
    })
    void areAtMostAThousand(Interval interval, Instant from, String says, String remedy) {
        Period period = new Period(from, Instant.parse("2026-11-25T00:00:00Z"));

        Failure failure = assertThrows(Failure.class, () -> Spans.of(interval, period));

        assertEquals(FailureCode.INVALID_REQUEST, failure.code());
        assertEquals(Optional.of("from"), failure.param());
        assertEquals(
                List.of(true, true),
                List.of(failure.text().contains(says), failure.text().contains(remedy)),
                failure.text());
    }

    @Test
    void zerosStandWhereNothingIsKnown() {
        Spans spans = new Spans(Interval.HOUR, Instant.parse("2026-11-20T23:00:00Z"), 2);
        Instant midnight = Instant.parse("2026-11-21T00:00:00Z");
        UsageTotals some = new UsageTotals(1, 1, 1, UsageTotals.NONE.usage(), 1);

        assertEquals(
                List.of(
                        new SpanTotals(spans.start(), UsageTotals.NONE),
                        new SpanTotals(midnight, some)),
                spans.filledWith(Map.of(midnight, some)));
        assertEquals(midnight.plus(Duration.ofHours(1)), spans.end());
    }

    @Test
    void aPeriodWithoutEndsIsTheTimeUntilNow() {
        Duration day = Duration.ofDays(1);
        Instant early = NOW.minus(Duration.ofDays(9));

        assertEquals(
                new Period(NOW.minus(day), NOW),
                Period.of(Optional.empty(), Optional.empty(), day, NOW));
        assertEquals(
                new Period(early, NOW), Period.of(Optional.of(early), Optional.empty(), day, NOW));
        assertEquals(
                new Period(early.minus(day), early),
                Period.of(Optional.empty(), Optional.of(early), day, NOW));
    }

    @Test
    void aPeriodEndsAfterItsBeginning() {
        for (Instant from : List.of(NOW, NOW.plusNanos(1))) {
            Failure failure = assertThrows(Failure.class, () -> new Period(from, NOW));

            assertEquals(FailureCode.INVALID_REQUEST, failure.code());
            assertEquals(Optional.of("from"), failure.param());
            assertEquals(
                    "from must be before to, 2026-11-25T10:30:00Z, was " + from + ".",
                    failure.text());
        }
    }
}
