package dev.tandem.provider.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.conversation.AnswerFormat;
import dev.tandem.conversation.ToolChoice;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.provider.ExtraParameters;
import dev.tandem.provider.ModelRequest;
import dev.tandem.provider.ModelStream;
import dev.tandem.provider.PreparedCall;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A request to the model in this process.
final class LocalRequest implements PreparedCall {
    private static final ObjectMapper JSON = new ObjectMapper();
    // What SmolLM2's authors recommend; such small models ramble when they choose freely.
    private static final double TEMPERATURE = 0.2;
    private static final double TOP_P = 0.9;

    private final LocalModel model;
    private final Path modelFile;
    private final String name;
    private final LocalPrompt prompt;
    private final Sampling sampling;
    private final List<String> stop;
    private final List<String> ignored;

    /// Translates a request.
    ///
    /// @throws Failure INVALID_REQUEST, naming the parameter that is not possible
    LocalRequest(LocalModel model, LocalSettings settings, ModelRequest request) {
        this.model = model;
        this.modelFile = settings.modelFile();
        this.name = request.model();
        this.prompt = LocalPrompt.of(request);
        this.sampling = sampling(settings, request);
        this.stop = request.options().stop();
        this.ignored = ignored(request);
    }

    LocalPrompt prompt() {
        return prompt;
    }

    Sampling sampling() {
        return sampling;
    }

    List<String> stop() {
        return stop;
    }

    @Override
    public List<String> ignoredParameters() {
        return ignored;
    }

    @Override
    public String bodyJson() {
        ObjectNode body =
                JSON.createObjectNode()
                        .put("model", name)
                        .put("max_tokens", sampling.tokensMax())
                        .put("temperature", sampling.temperature())
                        .put("top_p", sampling.topP());
        sampling.seed().ifPresent(seed -> body.put("seed", seed));
        stop.forEach(text -> body.withArray("stop").add(text));
        switch (sampling.format()) {
            case AnswerFormat.Text _ -> {}
            case AnswerFormat.JsonObject _ -> body.put("grammar", "{\"type\":\"object\"}");
            case AnswerFormat.JsonSchema schema -> body.put("grammar", schema.schemaJson());
        }
        prompt.turns()
                .forEach(
                        turn ->
                                body.withArray("turns")
                                        .addObject()
                                        .put("role", turn.role().word())
                                        .put("text", turn.text()));
        return body.toString();
    }

    @Override
    public ModelStream open() {
        if (!Files.isReadable(modelFile)) {
            throw new Failure(
                    FailureCode.UPSTREAM_UNAVAILABLE,
                    "there is no model file at "
                            + modelFile
                            + ": fetch it with `make model`, or set local.model-file");
        }
        return model.submit(this);
    }

    private static Sampling sampling(LocalSettings settings, ModelRequest request) {
        ModelRequest.Options options = request.options();
        long wanted = request.maxTokens().orElse((long) settings.answerTokensMax());
        return new Sampling(
                (int) Math.clamp(wanted, 1L, settings.answerTokensMax()),
                within("temperature", options.temperature().orElse(TEMPERATURE), 2),
                within("top_p", options.topP().orElse(TOP_P), 1),
                seed(options),
                format(options.format()));
    }

    private static AnswerFormat format(AnswerFormat format) {
        return switch (format) {
            case AnswerFormat.Text text -> text;
            case AnswerFormat.JsonObject object -> object;
            case AnswerFormat.JsonSchema schema ->
                    new AnswerFormat.JsonSchema(
                            schema.name(),
                            JsonSubset.checked(schema.schemaJson()),
                            schema.description(),
                            schema.strict());
        };
    }

    private static Optional<Integer> seed(ModelRequest.Options options) {
        String json = options.extraJson().getOrDefault("seed", "null");
        if (json.equals("null")) {
            return Optional.empty();
        }
        try {
            return Optional.of((int) Long.parseLong(json) & Integer.MAX_VALUE);
        } catch (NumberFormatException _) {
            throw Failure.invalid("seed", "seed must be a whole number, was " + json);
        }
    }

    private static double within(String parameter, double value, int max) {
        if (!(value >= 0 && value <= max)) {
            throw Failure.invalid(
                    parameter, parameter + " must be from 0 to " + max + ", was " + value);
        }
        return value;
    }

    private static List<String> ignored(ModelRequest request) {
        ModelRequest.Options options = request.options();
        List<String> names =
                new ArrayList<>(ExtraParameters.leftOut(options.extraJson(), Set.of("seed")));
        options.reasoningEffort().ifPresent(_ -> names.add("reasoning_effort"));
        if (!request.tools().isEmpty() && offersTools(request)) {
            names.add("tools");
            options.parallelToolCalls().ifPresent(_ -> names.add("parallel_tool_calls"));
        }
        return names.stream().sorted().toList();
    }

    private static boolean offersTools(ModelRequest request) {
        return switch (request.toolChoice().orElse(new ToolChoice.Auto())) {
            case ToolChoice.Auto _ -> true;
            case ToolChoice.None _ -> false;
            case ToolChoice.Required _, ToolChoice.Named _ ->
                    throw Failure.invalid(
                            "tool_choice",
                            "the model in this server calls no tools: leave tool_choice out or"
                                    + " choose another model");
        };
    }
}
