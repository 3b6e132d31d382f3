package dev.tandem.provider;

import dev.tandem.conversation.FinishReason;
import dev.tandem.conversation.Message.Original;
import dev.tandem.conversation.Usage;
import java.util.Optional;

/// What a model says while it says it.
public sealed interface ModelEvent {
    /// More text; never empty.
    record Text(String text) implements ModelEvent {}

    /// More of what it thinks; never empty.
    record Reasoning(String text) implements ModelEvent {}

    /// A call of one of the request's tools begins.
    ///
    /// @param index which call of this answer, from 0 without gaps
    record ToolCall(int index, String id, String name) implements ModelEvent {}

    /// More of a call's arguments; never empty. Pieces of several calls may alternate. A call
    /// without any has no arguments, which reads as `{}`.
    record ToolArguments(int index, String fragment) implements ModelEvent {}

    /// A call has all its arguments. A provider that does not say so has said it with the end.
    record ToolCallWhole(int index) implements ModelEvent {}

    /// The provider runs a tool of its own.
    record ProviderToolUse(String id, String name, String inputJson) implements ModelEvent {}

    /// A tool of the provider's own has answered.
    ///
    /// @param content text, or JSON as text
    record ProviderToolResult(String id, String name, String content, boolean failed)
            implements ModelEvent {}

    /// What was used so far; each replaces the one before.
    record UsageSoFar(Usage usage) implements ModelEvent {}

    /// The answer is whole. The last event.
    ///
    /// @param stopSequence the text that ended it, where one did
    /// @param refusal why the model declined, where it said so
    /// @param original the answer in the provider's own form, where it must be sent back so
    record Finished(
            FinishReason reason,
            Optional<String> stopSequence,
            Optional<String> refusal,
            Usage usage,
            Optional<Original> original)
            implements ModelEvent {

        /// The same end for another reason.
        public Finished because(FinishReason other) {
            return new Finished(other, stopSequence, refusal, usage, original);
        }
    }
}
