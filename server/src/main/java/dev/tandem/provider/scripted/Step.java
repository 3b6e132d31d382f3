package dev.tandem.provider.scripted;

import dev.tandem.conversation.FinishReason;
import dev.tandem.conversation.Usage;
import dev.tandem.failure.FailureCode;
import java.time.Duration;
import java.util.Optional;

/// One thing that a scripted model does.
sealed interface Step {
    /// From here on it waits so long before each piece of output.
    record Pace(Duration each) implements Step {}

    record Say(String piece) implements Step {}

    record Think(String piece) implements Step {}

    /// Calls a tool of the request.
    ///
    /// @param always also where the tool was not offered
    record Call(String name, String argumentsJson, boolean always) implements Step {}

    record RunTool(String name, String inputJson, String result, boolean failed) implements Step {}

    record Use(Usage usage) implements Step {}

    record Finish(FinishReason reason) implements Step {}

    record Refuse(String text) implements Step {}

    record StopSequence(String text) implements Step {}

    /// Fails.
    ///
    /// @param beforeHeaders instead of opening a stream
    record Fail(FailureCode code, Optional<Duration> retryAfter, boolean beforeHeaders)
            implements Step {}

    /// Does nothing until it is closed.
    ///
    /// @param beforeHeaders instead of opening a stream
    record Hang(boolean beforeHeaders) implements Step {}
}
