package dev.tandem.session;

/// Sums over all sessions of a tenant. Costs are the known part, in billionths of a US dollar.
public record SessionsTotals(
        long sessions, long active, long messages, long tokens, long costNanos) {}
