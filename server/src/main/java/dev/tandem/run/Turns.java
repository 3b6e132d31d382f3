package dev.tandem.run;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whose turn it is in each session: one run is at work, others wait behind it in the order in
/// which they came. Safe for use by many threads.
final class Turns {
    private final Map<String, Deque<Run>> bySession = new HashMap<>();
    private final int waitingMax;

    /// @param waitingMax the most runs that wait in one session
    Turns(int waitingMax) {
        this.waitingMax = waitingMax;
    }

    /// Lines a run up.
    ///
    /// @param waits whether it waits where another is at work
    /// @return how many come before it
    /// @throws Failure RUN_IN_PROGRESS where another is at work and it does not wait; OVERLOADED
    ///     where too many wait
    synchronized int enter(String session, Run run, boolean waits) {
        Deque<Run> line = bySession.computeIfAbsent(session, _ -> new ArrayDeque<>());
        if (!line.isEmpty() && !waits) {
            String atWork = line.element().info().id();
            throw new Failure(
                            FailureCode.RUN_IN_PROGRESS,
                            "The session is answering already; wait for the run "
                                    + atWork
                                    + ", cancel it, or send queue: true.")
                    .withRun(atWork);
        }
        if (line.size() > waitingMax) {
            throw new Failure(
                    FailureCode.OVERLOADED,
                    "As many runs wait in this session as runs.queue-max allows: " + waitingMax);
        }
        line.add(run);
        return line.size() - 1;
    }

    /// Takes a run out of the line, and tells the next one that it is its turn.
    synchronized void leave(String session, Run run) {
        Deque<Run> line = bySession.get(session);
        if (line == null) {
            return;
        }
        boolean wasAtWork = line.peek() == run;
        line.remove(run);
        if (line.isEmpty()) {
            bySession.remove(session);
        } else if (wasAtWork) {
            line.element().beginTurn();
        }
    }

    /// The run that is at work in a session.
    synchronized Optional<Run> atWork(String session) {
        return Optional.ofNullable(bySession.get(session)).map(Deque::element);
    }

    /// The run that is at work in a session, and those that wait.
    synchronized List<Run> all(String session) {
        Deque<Run> line = bySession.get(session);
        return line == null ? List.of() : List.copyOf(line);
    }

    synchronized int sessions() {
        return bySession.size();
    }
}
