package dev.tandem.usage;

import java.time.Instant;

/// Sums over the runs that began in a span of time.
///
/// @param start when the span begins
public record SpanTotals(Instant start, UsageTotals totals) {}
