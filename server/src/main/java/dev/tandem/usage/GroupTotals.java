package dev.tandem.usage;

import java.util.Optional;

/// Sums over runs that have something in common.
///
/// @param key what that is: the day as `2026-11-25`, or a name or id; empty where they have none,
///     as runs outside of projects
public record GroupTotals(Optional<String> key, UsageTotals totals) {}
