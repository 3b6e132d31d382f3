package dev.tandem.engine;

import dev.tandem.failure.Failure;
import dev.tandem.provider.ModelEvent;

/// How the call to a provider went.
sealed interface Outcome {
    /// To its end.
    record Whole(ModelEvent.Finished finished) implements Outcome {}

    /// It broke.
    record Broken(Failure failure) implements Outcome {}

    /// The thread was interrupted.
    record Stopped() implements Outcome {}
}
