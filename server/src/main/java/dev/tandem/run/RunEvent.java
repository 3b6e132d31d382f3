package dev.tandem.run;

import dev.tandem.conversation.FinishReason;
import dev.tandem.conversation.Usage;
import dev.tandem.failure.Failure;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// Something that happened in a run.
public sealed interface RunEvent {
    /// The run began. The first event, unless it had to wait.
    record Started(RunInfo info) implements RunEvent {}

    /// The run waits for its turn. Only before it begins.
    ///
    /// @param ahead how many runs of its session come before it
    record Queued(int ahead) implements RunEvent {}

    /// The model said more.
    record Text(String text) implements RunEvent {}

    /// The model thought more.
    record Reasoning(String text) implements RunEvent {}

    /// The model calls a tool of the client's.
    ///
    /// @param index which call of this answer, from 0 without gaps
    record ToolCall(int index, String id, String name) implements RunEvent {}

    /// More of a call's arguments.
    record ToolArguments(int index, String fragment) implements RunEvent {}

    /// A tool that is not the client's to run was called.
    record ToolUse(String id, String name, String inputJson) implements RunEvent {}

    /// A tool that is not the client's to run has answered.
    record ToolResult(
            String id, String name, String content, boolean failed, Optional<Duration> took)
            implements RunEvent {}

    /// The last event.
    sealed interface End extends RunEvent {
        Bill bill();

        RunState state();
    }

    /// The model finished.
    ///
    /// @param messageId the answer's id in its session
    record Completed(
            FinishReason reason,
            Optional<String> stopSequence,
            Optional<String> refusal,
            Optional<String> messageId,
            Bill bill)
            implements End {
        @Override
        public RunState state() {
            return RunState.COMPLETED;
        }
    }

    /// The run failed.
    record Failed(Failure failure, Bill bill) implements End {
        @Override
        public RunState state() {
            return RunState.FAILED;
        }
    }

    /// Somebody stopped the run.
    record Cancelled(Bill bill) implements End {
        @Override
        public RunState state() {
            return RunState.CANCELLED;
        }
    }

    /// The server was stopped while the run was at work.
    record Interrupted(Bill bill) implements End {
        @Override
        public RunState state() {
            return RunState.INTERRUPTED;
        }
    }

    /// What a run used and what that costs.
    ///
    /// @param costNanos in billionths of a US dollar; empty where the model has no known price
    /// @param price the price that was used, as text, for the books
    record Bill(Usage usage, OptionalLong costNanos, Optional<String> price) {
        public static final Bill NONE =
                new Bill(Usage.NONE, OptionalLong.empty(), Optional.empty());
    }
}
