package dev.tandem.usage;

import java.util.List;

/// Sums by group.
///
/// @param groups those that were asked for, in the order of their [Grouping]
/// @param total over all groups, also those that were left out
/// @param hasMore whether groups were left out
public record UsageByGroup(List<GroupTotals> groups, UsageTotals total, boolean hasMore) {
    public UsageByGroup {
        groups = List.copyOf(groups);
    }
}
