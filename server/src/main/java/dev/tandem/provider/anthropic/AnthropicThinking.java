package dev.tandem.provider.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tandem.failure.Failure;
import java.io.IOException;
import java.util.Optional;

/// How much a model thinks: OpenAI's `reasoning_effort` as Anthropic's `thinking` and
/// `output_config.effort`.
///
/// Models that always think are asked for a summary even when nothing is said of effort: without
/// it their thoughts, and on 5.5 models also the text between tool calls, arrive empty.
///
/// @param mode what `thinking` says
/// @param budgetTokens for [Mode#BUDGET]
/// @param effort what `output_config.effort` says
/// @param asAsked whether this is what was asked for
record AnthropicThinking(Mode mode, long budgetTokens, Optional<String> effort, boolean asAsked) {
    /// The least that Anthropic takes.
    private static final long BUDGET_MIN = 1024;

    enum Mode {
        /// Nothing: the model's own default.
        UNSAID,
        DISABLED,
        BUDGET,
        ADAPTIVE,
        ADAPTIVE_SUMMARIZED
    }

    static AnthropicThinking of(
            Optional<String> effort,
            ClaudeModel traits,
            long maxTokens,
            boolean forcedTool,
            boolean lacksThoughts) {
        if (effort.isEmpty()) {
            return unsaid(traits, true);
        }
        String word = effort.get();
        switch (word) {
            case "none" -> {
                return none(traits);
            }
            case "minimal", "low", "medium", "high", "xhigh", "max" -> {
                // below
            }
            default ->
                    throw Failure.invalid(
                            "reasoning_effort",
                            "reasoning_effort must be none, minimal, low, medium, high, xhigh or"
                                    + " max, was "
                                    + word);
        }
        // Thinking excludes a forced tool; the tool is what shapes the answer.
        return switch (traits.thinking()) {
            case NONE -> unsaid(traits, false);
            case BUDGET ->
                    forcedTool || lacksThoughts || maxTokens <= BUDGET_MIN
                            ? unsaid(traits, false)
                            : budget(word, maxTokens);
            case ADAPTIVE ->
                    forcedTool
                            ? new AnthropicThinking(
                                    Mode.UNSAID, 0, Optional.of(traits.effort(word)), true)
                            : new AnthropicThinking(
                                    adaptive(traits), 0, Optional.of(traits.effort(word)), true);
        };
    }

    boolean thinks() {
        return switch (mode) {
            case UNSAID, DISABLED -> false;
            case BUDGET, ADAPTIVE, ADAPTIVE_SUMMARIZED -> true;
        };
    }

    void write(JsonGenerator json) throws IOException {
        if (mode == Mode.UNSAID) {
            return;
        }
        json.writeObjectFieldStart("thinking");
        switch (mode) {
            case UNSAID -> {
                // not reached
            }
            case DISABLED -> json.writeStringField("type", "disabled");
            case BUDGET -> {
                json.writeStringField("type", "enabled");
                json.writeNumberField("budget_tokens", budgetTokens);
            }
            case ADAPTIVE -> json.writeStringField("type", "adaptive");
            case ADAPTIVE_SUMMARIZED -> {
                json.writeStringField("type", "adaptive");
                json.writeStringField("display", "summarized");
            }
        }
        json.writeEndObject();
    }

    private static AnthropicThinking unsaid(ClaudeModel traits, boolean asAsked) {
        Mode mode = traits.alwaysThinks() ? Mode.ADAPTIVE_SUMMARIZED : Mode.UNSAID;
        return new AnthropicThinking(mode, 0, Optional.empty(), asAsked);
    }

    /// A model that always thinks does so as little as it can, which is not what was asked.
    private static AnthropicThinking none(ClaudeModel traits) {
        if (traits.alwaysThinks()) {
            return new AnthropicThinking(Mode.ADAPTIVE_SUMMARIZED, 0, Optional.of("low"), false);
        }
        return traits.thinking() == ClaudeModel.Thinking.NONE
                ? unsaid(traits, true)
                : new AnthropicThinking(Mode.DISABLED, 0, Optional.empty(), true);
    }

    private static Mode adaptive(ClaudeModel traits) {
        return traits.hidesThoughts() ? Mode.ADAPTIVE_SUMMARIZED : Mode.ADAPTIVE;
    }

    /// At most half of the answer's tokens, for `max_tokens` counts both.
    private static AnthropicThinking budget(String effort, long maxTokens) {
        long wanted =
                switch (effort) {
                    case "minimal" -> BUDGET_MIN;
                    case "low" -> 4 * BUDGET_MIN;
                    case "medium" -> 16 * BUDGET_MIN;
                    default -> 32 * BUDGET_MIN;
                };
        long tokens = Math.max(BUDGET_MIN, Math.min(wanted, maxTokens / 2));
        return new AnthropicThinking(Mode.BUDGET, tokens, Optional.empty(), true);
    }
}
