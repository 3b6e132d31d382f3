package dev.tandem.provider;

import dev.tandem.conversation.AnswerFormat;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.ToolChoice;
import dev.tandem.conversation.ToolSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A question to a model, in the words of this server.
///
/// @param model the provider's own name of the model
/// @param limits what the catalogue knows of it
/// @param system the system prompt, with the system and developer messages that opened the
///     conversation; empty for none
/// @param messages the conversation, oldest first; system and developer messages may stand between
/// @param maxTokens the most tokens of the answer; empty for the model's maximum
/// @param options how to answer
/// @param kept whether the history comes from a session and grows turn by turn, so that a prompt
///     cache pays
public record ModelRequest(
        String model,
        ModelLimits limits,
        Optional<String> system,
        List<Message> messages,
        List<ToolSpec> tools,
        Optional<ToolChoice> toolChoice,
        Optional<Long> maxTokens,
        Options options,
        boolean kept) {

    /// How to answer. Everything may be left out.
    ///
    /// @param extraJson further parameters of OpenAI's request by name, each as JSON text: `seed`,
    ///     `n`, `logprobs` …
    public record Options(
            Optional<Boolean> parallelToolCalls,
            Optional<Double> temperature,
            Optional<Double> topP,
            List<String> stop,
            AnswerFormat format,
            Optional<String> reasoningEffort,
            Map<String, String> metadata,
            Map<String, String> extraJson) {

        public static final Options NONE =
                new Options(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        new AnswerFormat.Text(),
                        Optional.empty(),
                        Map.of(),
                        Map.of());

        public Options {
            stop = List.copyOf(stop);
            metadata = Map.copyOf(metadata);
            extraJson = Map.copyOf(extraJson);
        }
    }

    /// The same question with more tools.
    public ModelRequest offering(List<ToolSpec> more) {
        List<ToolSpec> all = new ArrayList<>(tools);
        all.addAll(more);
        return new ModelRequest(
                model, limits, system, messages, all, toolChoice, maxTokens, options, kept);
    }

    /// The same conversation, gone on.
    public ModelRequest going(List<Message> on, ToolChoice choice) {
        return new ModelRequest(
                model, limits, system, on, tools, Optional.of(choice), maxTokens, options, kept);
    }

    public ModelRequest {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }
}
