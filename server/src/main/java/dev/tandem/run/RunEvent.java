package dev.tandem.run;

import dev.tandem.approval.Approval;
import dev.tandem.conversation.Content;
import dev.tandem.conversation.FinishReason;
import dev.tandem.conversation.Message.Original;
import dev.tandem.conversation.Usage;
import dev.tandem.failure.Failure;
import dev.tandem.tool.ToolProgress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Something that happened in a run.
public sealed interface RunEvent {
    /// What the first text of a later turn begins with, so that the texts can be read as one.
    String TURN_BREAK = "\n\n";

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

    /// The model calls a tool of this server's.
    ///
    /// @param name as it was offered to the model
    /// @param server the name of the tool's server
    /// @param tool its name on that server
    record ServerCall(String id, String name, String server, String tool) implements RunEvent {}

    /// More of the arguments of a call of this server's tools.
    record ServerArguments(String id, String fragment) implements RunEvent {}

    /// A tool that is not the client's to run was called: the arguments are whole.
    record ToolUse(String id, String name, String inputJson) implements RunEvent {}

    /// A call of this server's tools has come further.
    record CallProgress(String id, ToolProgress progress) implements RunEvent {}

    /// A tool that is not the client's to run has answered.
    ///
    /// @param content as text, for people
    /// @param output what the model gets; empty where the provider ran the tool
    /// @param took without the wait for approval
    record ToolResult(
            String id,
            String name,
            String content,
            List<Content> output,
            boolean failed,
            Optional<Duration> took)
            implements RunEvent {
        public ToolResult {
            output = List.copyOf(output);
        }
    }

    /// A call waits for somebody's decision.
    record ApprovalAsked(Approval approval) implements RunEvent {}

    /// The decision was made.
    record ApprovalDecided(Approval approval) implements RunEvent {}

    /// Something is missing, and the run goes on without it.
    ///
    /// @param source what it is about, such as the name of a server
    record Warned(String source, String message) implements RunEvent {}

    /// The model is asked again, with what its calls have answered.
    ///
    /// @param step which time this is, from 2
    /// @param usage what the turn before has used
    /// @param original the turn before in the provider's own form
    record TurnStarted(int step, Usage usage, Optional<Original> original) implements RunEvent {}

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
