package dev.tandem.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.mcp.McpHost.Kind;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Lists that a server has said are good for a while.
final class FreshLists {
    private static final Duration FRESH_MAX = Duration.ofDays(1);

    private final LongSupplier nanos;
    private final Map<String, Fresh> lists = new HashMap<>();
    private final Map<Kind, Long> changes = new EnumMap<>(Kind.class);

    /// @param until by the clock
    private record Fresh(Kind kind, List<JsonNode> items, long until) {}

    /// @param nanos a clock that only goes forward
    FreshLists(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /// How often a list has changed; goes with [#keep].
    synchronized long changes(Kind kind) {
        return changes.getOrDefault(kind, 0L);
    }

    synchronized Optional<List<JsonNode>> find(String method) {
        return Optional.ofNullable(lists.get(method))
                .filter(list -> list.until() - nanos.getAsLong() > 0)
                .map(Fresh::items);
    }

    /// Keeps a list, unless it has changed since somebody began to ask for it.
    ///
    /// @param ttlMs as the server says it, in milliseconds; 0 and less keeps nothing
    synchronized void keep(
            String method, Kind kind, List<JsonNode> items, long ttlMs, long changesSeen) {
        if (ttlMs > 0 && changes(kind) == changesSeen) {
            long fresh = Duration.ofMillis(Math.min(ttlMs, FRESH_MAX.toMillis())).toNanos();
            lists.put(method, new Fresh(kind, items, nanos.getAsLong() + fresh));
        }
    }

    synchronized void stale(Kind kind) {
        changes.merge(kind, 1L, Long::sum);
        lists.values().removeIf(list -> list.kind() == kind);
    }
}
