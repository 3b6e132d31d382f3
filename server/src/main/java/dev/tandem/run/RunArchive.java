package dev.tandem.run;

import java.time.Instant;
import java.util.List;

/// Where the events of kept runs are stored, but for their ends, which stand in the runs. Safe for
/// use by many threads.
public interface RunArchive {
    /// Stores events of many runs in one go; they are durable when this returns. Those of a run
    /// follow what is stored of it.
    void append(List<RunSegment> segments);

    /// Reads what is stored of a run after an event, oldest first: some of it, or nothing where
    /// there is no more. The first may begin before.
    List<RunSegment> read(RunInfo run, long after);

    /// Forgets the events of runs that ended before a time, and frees their keys.
    ///
    /// @return of how many runs
    int forget(Instant endedBefore);
}
