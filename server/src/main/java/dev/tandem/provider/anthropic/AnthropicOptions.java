package dev.tandem.provider.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.conversation.AnswerFormat;
import dev.tandem.conversation.ToolChoice;
import dev.tandem.conversation.ToolSpec;
import dev.tandem.failure.Failure;
import dev.tandem.provider.ModelRequest;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// How to answer, in Anthropic's words: sampling, thinking, the choice of tools and the form of the
/// answer, with the rules that tie them together.
final class AnthropicOptions {
    /// Sampling is neutral from here on, also where models reject it.
    private static final double TOP_P_NEUTRAL = 0.99;

    private final ModelRequest request;
    private final ClaudeModel traits;
    private final Set<String> ignored;
    private final long maxTokens;
    private final AnthropicExtras extras;
    private final Optional<ToolChoice> toolChoice;
    private final AnthropicThinking thinking;
    private final Optional<Double> temperature;
    private final Optional<Double> topP;
    private final Optional<ObjectNode> schema;

    /// @param lacksThoughts whether the conversation cannot be gone on with by thinking
    /// @param ignored gets the names of what is left out
    AnthropicOptions(
            ModelRequest request, ClaudeModel traits, boolean lacksThoughts, Set<String> ignored) {
        this.request = request;
        this.traits = traits;
        this.ignored = ignored;
        this.maxTokens = request.maxTokens().orElse(request.limits().answerTokensMax());
        this.extras = new AnthropicExtras(request.options(), ignored);
        this.toolChoice = toolChoice();
        this.thinking = thinking(lacksThoughts);
        this.temperature = temperature();
        this.topP = topP();
        this.schema = schema();
        checkStop(request.options().stop());
        checkStrict(request.tools());
    }

    void write(JsonGenerator json) throws IOException {
        json.writeNumberField("max_tokens", maxTokens);
        if (temperature.isPresent()) {
            json.writeNumberField("temperature", temperature.get());
        }
        if (topP.isPresent()) {
            json.writeNumberField("top_p", topP.get());
        }
        if (!request.options().stop().isEmpty()) {
            json.writeArrayFieldStart("stop_sequences");
            for (String stop : request.options().stop()) {
                json.writeString(stop);
            }
            json.writeEndArray();
        }
        thinking.write(json);
        writeOutputConfig(json);
        writeToolChoice(json);
        extras.write(json);
    }

    private Optional<ToolChoice> toolChoice() {
        Optional<ToolChoice> choice = request.toolChoice();
        if (choice.isEmpty() || !isForced(choice.get())) {
            return request.tools().isEmpty() ? Optional.empty() : choice;
        }
        if (request.tools().isEmpty()) {
            throw Failure.invalid("tool_choice", "tool_choice asks for a tool, but there are none");
        }
        if (!traits.takesForcedTool()) {
            throw Failure.invalid(
                    "tool_choice",
                    "tool_choice cannot force a tool on "
                            + request.model()
                            + "; use \"auto\", or another model");
        }
        return choice;
    }

    private AnthropicThinking thinking(boolean lacksThoughts) {
        boolean forced = toolChoice.filter(AnthropicOptions::isForced).isPresent();
        Optional<String> effort =
                request.options().reasoningEffort().map(word -> word.toLowerCase(Locale.ROOT));
        AnthropicThinking asked =
                AnthropicThinking.of(effort, traits, maxTokens, forced, lacksThoughts);
        if (!asked.asAsked()) {
            ignored.add("reasoning_effort");
        }
        return asked;
    }

    private Optional<Double> temperature() {
        Optional<Double> asked = request.options().temperature();
        if (asked.isEmpty() || asked.get() == 1.0) {
            return Optional.empty();
        }
        if (!traits.takesSampling() || thinking.thinks()) {
            ignored.add("temperature");
            return Optional.empty();
        }
        // OpenAI's scale ends at 2, Anthropic's at 1.
        double nearest = Math.clamp(asked.get(), 0.0, 1.0);
        if (nearest != asked.get()) {
            ignored.add("temperature");
        }
        return nearest == 1.0 ? Optional.empty() : Optional.of(nearest);
    }

    private Optional<Double> topP() {
        Optional<Double> asked = request.options().topP();
        if (asked.isEmpty() || asked.get() >= TOP_P_NEUTRAL) {
            return Optional.empty();
        }
        boolean tooFarForThinking = thinking.thinks() && asked.get() < 0.95;
        if (!traits.takesSampling() || temperature.isPresent() || tooFarForThinking) {
            ignored.add("top_p");
            return Optional.empty();
        }
        return asked;
    }

    private Optional<ObjectNode> schema() {
        if (!(request.options().format() instanceof AnswerFormat.JsonSchema format)) {
            return Optional.empty();
        }
        if (!traits.takesSchemas()) {
            throw Failure.invalid(
                    "response_format",
                    "response_format json_schema is not supported by " + request.model());
        }
        ObjectNode closed = ClosedSchema.closed(format.schemaJson(), "response_format");
        if (format.description().isPresent() && !closed.has("description")) {
            closed.put("description", format.description().get());
        }
        return Optional.of(closed);
    }

    private static void checkStop(List<String> stops) {
        if (stops.stream().anyMatch(String::isBlank)) {
            throw Failure.invalid(
                    "stop", "stop must hold more than blanks: Claude cannot stop at white space");
        }
    }

    private void checkStrict(List<ToolSpec> tools) {
        if (!traits.takesSchemas() && tools.stream().anyMatch(t -> t.strict().orElse(false))) {
            ignored.add("tools.strict");
        }
    }

    private void writeOutputConfig(JsonGenerator json) throws IOException {
        if (schema.isEmpty() && thinking.effort().isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("output_config");
        if (thinking.effort().isPresent()) {
            json.writeStringField("effort", thinking.effort().get());
        }
        if (schema.isPresent()) {
            json.writeObjectFieldStart("format");
            json.writeStringField("type", "json_schema");
            json.writeFieldName("schema");
            json.writeTree(schema.get());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private void writeToolChoice(JsonGenerator json) throws IOException {
        boolean single = !request.options().parallelToolCalls().orElse(true);
        if (request.tools().isEmpty() || (toolChoice.isEmpty() && !single)) {
            return;
        }
        ToolChoice choice = toolChoice.orElse(new ToolChoice.Auto());
        json.writeObjectFieldStart("tool_choice");
        switch (choice) {
            case ToolChoice.Auto() -> json.writeStringField("type", "auto");
            case ToolChoice.None() -> json.writeStringField("type", "none");
            case ToolChoice.Required() -> json.writeStringField("type", "any");
            case ToolChoice.Named(String name) -> {
                json.writeStringField("type", "tool");
                json.writeStringField("name", name);
            }
        }
        if (single && !(choice instanceof ToolChoice.None)) {
            json.writeBooleanField("disable_parallel_tool_use", true);
        }
        json.writeEndObject();
    }

    private static boolean isForced(ToolChoice choice) {
        return switch (choice) {
            case ToolChoice.Auto(), ToolChoice.None() -> false;
            case ToolChoice.Required(), ToolChoice.Named(_) -> true;
        };
    }
}
