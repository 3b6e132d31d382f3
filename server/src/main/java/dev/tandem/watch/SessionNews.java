package dev.tandem.watch;

import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.session.StoredMessage;
import java.util.List;

/// Something that has happened in a session. What it tells of is stored by then.
public sealed interface SessionNews {
    /// Messages were stored.
    record Stored(List<StoredMessage> messages) implements SessionNews {
        public Stored {
            messages = List.copyOf(messages);
        }
    }

    /// A run began, or waits for its turn. What happens in it follows as [Told].
    record RunBegan(Run run) implements SessionNews {}

    /// More happened in a run, in order.
    ///
    /// @param first the number of the first of the events in the run's log
    record Told(Run run, long first, List<RunEvent> events) implements SessionNews {
        boolean isLast() {
            return events.getLast() instanceof RunEvent.End;
        }
    }

    /// A run has ended, and these messages of it were stored. Comes after all that is [Told] of it.
    record RunEnded(String runId, List<StoredMessage> messages) implements SessionNews {
        public RunEnded {
            messages = List.copyOf(messages);
        }
    }

    /// The session's title, model, prompt or sums are others now.
    record Changed() implements SessionNews {}

    /// The session's messages were removed.
    record Cleared() implements SessionNews {}

    /// The session is no more. The last news.
    record Deleted() implements SessionNews {}
}
