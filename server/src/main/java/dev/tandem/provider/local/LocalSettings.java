package dev.tandem.provider.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// How the model in this process is run.
///
/// @param modelFile the weights, in GGUF format
/// @param threads how many processors an answer may use
/// @param contextTokens the most tokens of question and answer together
/// @param answerTokensMax the most tokens of one answer, at most half of the context
/// @param queueMax how many requests may wait for the one that is being answered
/// @param loadTimeout how long reading the weights may take
/// @param answerTimeout how long an answer may take, with the wait for its turn
public record LocalSettings(
        Path modelFile,
        int threads,
        int contextTokens,
        int answerTokensMax,
        int queueMax,
        Duration loadTimeout,
        Duration answerTimeout) {
    private static final String DEFAULT_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf";

    public LocalSettings {
        atLeastOne("local.threads", threads);
        atLeastOne("local.context-tokens", contextTokens);
        atLeastOne("local.answer-tokens-max", answerTokensMax);
        atLeastOne("local.queue-max", queueMax);
        positive("local.load-timeout", loadTimeout);
        positive("local.answer-timeout", answerTimeout);
        if (answerTokensMax > contextTokens / 2) {
            throw new IllegalArgumentException(
                    "local.answer-tokens-max must be at most half of local.context-tokens, "
                            + contextTokens
                            + ", was "
                            + answerTokensMax);
        }
    }

    /// The defaults for a machine. One processor is left to the server: the threads of an answer
    /// wait for each other at every step, so an answer that must share its last one is slower by
    /// far.
    ///
    /// @param processors how many it has
    public static LocalSettings defaults(Path modelFile, int processors) {
        return new LocalSettings(
                modelFile,
                Math.clamp(processors - 1, 1, 8),
                4096,
                1024,
                16,
                Duration.ofMinutes(1),
                Duration.ofMinutes(10));
    }

    /// Where `make model` puts the weights: `TANDEM_MODEL_FILE`, else the user's cache.
    ///
    /// @param environment the process's environment variables
    /// @param home the user's directory
    public static Path defaultModelFile(Map<String, String> environment, Path home) {
        String named = environment.getOrDefault("TANDEM_MODEL_FILE", "");
        if (!named.isEmpty()) {
            return Path.of(named);
        }
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path directory = cache.isEmpty() ? home.resolve(".cache") : Path.of(cache);
        return directory.resolve("tandem").resolve("models").resolve(DEFAULT_FILE);
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, was " + value);
        }
    }

    private static void positive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + " must be more than 0, was " + value);
        }
    }
}
