package dev.tandem.usage;

import java.util.List;

/// Adds up what runs have used: those of one tenant that have ended, by when they began. Runs whose
/// sessions or projects are gone are counted too. Safe for use by many threads.
public interface UsageStore {
    /// Adds up the runs that began in a period, by group.
    ///
    /// @param limit how many groups at most, from 1
    UsageByGroup byGroup(String tenant, Grouping grouping, Period period, int limit);

    /// Adds up the runs that began in each of the spans: one sum for every span, oldest first.
    List<SpanTotals> bySpan(String tenant, Spans spans, RunFilter filter);
}
