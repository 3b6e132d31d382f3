package dev.tandem.session;

import dev.tandem.conversation.Usage;

/// Sums over one session. The cost is the known part, in billionths of a US dollar.
public record SessionTotals(
        long messages,
        long userMessages,
        long assistantMessages,
        long toolMessages,
        long runs,
        long failedRuns,
        long unpricedRuns,
        Usage usage,
        long costNanos) {}
