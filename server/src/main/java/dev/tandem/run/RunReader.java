package dev.tandem.run;

import java.time.Duration;
import java.util.List;

/// A reader's place in a [RunLog]. Belongs to one thread and needs no closing.
public interface RunReader {
    /// Blocks until an event is there or `wait` has passed, and returns every event that is there,
    /// in order; none only when `wait` has passed. After a [RunEvent.End] there is nothing to ask.
    List<RunEvent> next(Duration wait) throws InterruptedException;

    /// Returns every event that is there, in order, without waiting for one.
    List<RunEvent> ready();

    /// The number of the last event that was read.
    long number();
}
