package dev.tandem.run;

import java.util.Optional;

/// What happened in a run, in order and numbered from 1 without gaps. One thread appends, many
/// read, each from where it likes.
public interface RunLog {
    /// Adds an event; nothing may follow a [RunEvent.End].
    ///
    /// @throws dev.tandem.failure.Failure where the run has said more than the log holds; an end is
    ///     always taken
    void append(RunEvent event);

    /// Reads the events after number `after`; 0 reads from the beginning.
    RunReader readAfter(long after);

    /// How many events there are.
    long size();

    /// The last event, once there is one.
    Optional<RunEvent.End> end();
}
