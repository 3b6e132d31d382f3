package dev.tandem.run;

import java.util.List;

/// Some events of a run, one after the other, as they are stored.
///
/// @param first the number of the first
public record RunSegment(String tenant, String runId, long first, List<RunEvent> events) {
    public RunSegment {
        events = List.copyOf(events);
        if (first < 1 || events.isEmpty()) {
            throw new IllegalArgumentException(
                    "events from number " + first + ": " + events.size());
        }
    }

    /// The number of the last.
    public long last() {
        return first + events.size() - 1;
    }
}
