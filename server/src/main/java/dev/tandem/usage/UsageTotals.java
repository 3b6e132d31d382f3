package dev.tandem.usage;

import dev.tandem.conversation.Usage;

/// Sums over some runs. The cost is the known part, in billionths of a US dollar.
///
/// @param unpricedRuns runs whose cost is left out, for it is not known; one that used nothing cost
///     nothing, whatever the price
public record UsageTotals(
        long runs, long failedRuns, long unpricedRuns, Usage usage, long costNanos) {
    /// The sums over no runs.
    public static final UsageTotals NONE = new UsageTotals(0, 0, 0, Usage.NONE, 0);
}
