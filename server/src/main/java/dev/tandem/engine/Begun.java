package dev.tandem.engine;

import dev.tandem.run.Run;
import dev.tandem.run.RunRecord;

/// What answers a question.
public sealed interface Begun {
    /// A run in progress: a new one, or one that the same request began before.
    record Live(Run run) implements Begun {}

    /// A run that the same request began, and that has ended.
    record Before(RunRecord run) implements Begun {}
}
