package dev.tandem.provider.local;

import dev.tandem.conversation.AnswerFormat;
import java.util.Optional;

/// How the next word is chosen.
///
/// @param tokensMax the most tokens of the answer
/// @param temperature 0 for always the likeliest
/// @param topP the share of likely tokens to choose from
/// @param seed makes the choice repeatable
/// @param format what may be chosen at all; a schema is one that [JsonSubset] accepts
record Sampling(
        int tokensMax,
        double temperature,
        double topP,
        Optional<Integer> seed,
        AnswerFormat format) {}
