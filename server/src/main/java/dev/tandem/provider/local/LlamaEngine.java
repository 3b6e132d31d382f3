package dev.tandem.provider.local;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.ModelParameters;
import dev.tandem.conversation.AnswerFormat;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// llama.cpp. It writes nothing to the standard streams.
///
/// The native code aborts the process at input that it does not expect, so it is given only what
/// was checked before: a file that is GGUF, finite numbers, schemas of [JsonSubset].
final class LlamaEngine implements Engine {
    /// Without it a small model says the same sentence until it may say no more. JSON repeats
    /// itself by nature and goes without.
    private static final float TEXT_REPEAT_PENALTY = 1.1f;

    private static final String JSON_OBJECT_SCHEMA = "{\"type\":\"object\"}";

    private final LlamaModel model;
    private final ChatTemplate template;

    private LlamaEngine(LlamaModel model, ChatTemplate template) {
        this.model = model;
        this.template = template;
    }

    /// Reads the weights. The caller closes the engine.
    ///
    /// @throws Failure UPSTREAM_UNAVAILABLE where they cannot be used
    static LlamaEngine load(LocalSettings settings) {
        try (NativeLibrary _ = NativeLibrary.unpacked()) {
            GgufHeader header = GgufHeader.read(settings.modelFile());
            return new LlamaEngine(
                    new LlamaModel(parameters(settings)), ChatTemplate.of(header.chatTemplate()));
        } catch (IOException | RuntimeException | LinkageError unusable) {
            throw new Failure(
                    FailureCode.UPSTREAM_UNAVAILABLE,
                    "the model file "
                            + settings.modelFile()
                            + " cannot be used ("
                            + unusable.getMessage()
                            + "): fetch it again with `make model`, or set local.model-file",
                    unusable);
        }
    }

    private static ModelParameters parameters(LocalSettings settings) {
        return new ModelParameters()
                .setModel(settings.modelFile().toString())
                .setCtxSize(settings.contextTokens())
                .setThreads(settings.threads())
                .setThreadsBatch(settings.threads())
                .setParallel(1)
                .skipWarmup() // the first request follows at once
                .disableContextShift()
                .disableLog();
    }

    @Override
    public ChatTemplate template() {
        return template;
    }

    @Override
    public int tokens(String text) {
        return model.encode(text).length;
    }

    @Override
    public void read(String beginning) {
        model.complete(new InferenceParameters(beginning).setCachePrompt(true).setNPredict(0));
    }

    @Override
    public Pieces generate(String prompt, Sampling sampling) {
        InferenceParameters parameters =
                new InferenceParameters(prompt)
                        // What was read in other parts gives slightly other numbers.
                        .setCachePrompt(sampling.seed().isEmpty())
                        .setNPredict(sampling.tokensMax())
                        .setTemperature((float) sampling.temperature())
                        .setTopP((float) sampling.topP());
        sampling.seed().ifPresent(parameters::setSeed);
        switch (sampling.format()) {
            case AnswerFormat.Text _ ->
                    parameters.setPenaltyPrompt("").setRepeatPenalty(TEXT_REPEAT_PENALTY);
            case AnswerFormat.JsonObject _ ->
                    parameters.setGrammar(LlamaModel.jsonSchemaToGrammar(JSON_OBJECT_SCHEMA));
            case AnswerFormat.JsonSchema schema ->
                    parameters.setGrammar(LlamaModel.jsonSchemaToGrammar(schema.schemaJson()));
        }
        return new LlamaPieces(model.generate(parameters).iterator());
    }

    @Override
    public void close() {
        model.close();
    }

    private static final class LlamaPieces implements Pieces {
        private final LlamaIterator outputs;
        private boolean choseToEnd;

        private LlamaPieces(LlamaIterator outputs) {
            this.outputs = outputs;
        }

        @Override
        public @Nullable String next() {
            while (outputs.hasNext()) {
                LlamaOutput output = outputs.next();
                if (!output.text.isEmpty()) {
                    choseToEnd = false;
                    return output.text;
                }
                // An end that the model chose is a token without text, followed by an output that
                // closes the stream; the limit has the latter only.
                choseToEnd |= outputs.hasNext();
            }
            return null;
        }

        @Override
        public boolean reachedTokensMax() {
            return !choseToEnd;
        }

        @Override
        public void close() {
            if (outputs.hasNext()) {
                outputs.cancel();
            }
        }
    }
}
