package dev.tandem.catalog;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A model that requests can name.
///
/// @param id its name here
/// @param provider the provider that runs it
/// @param upstreamName its name at the provider
/// @param name its name for people
/// @param description one line for people; may be empty
/// @param contextTokens the most tokens of input and output together; 0 where not known
/// @param answerTokensMax the most tokens of one answer; at least 1
/// @param aliases further names here
/// @param price what it costs; empty where not known, which is not the same as free
public record Model(
        String id,
        String provider,
        String upstreamName,
        String name,
        String description,
        long contextTokens,
        long answerTokensMax,
        Set<Capability> capabilities,
        List<String> aliases,
        Optional<Price> price) {

    /// What a model can do beyond text.
    public enum Capability {
        /// Calls tools.
        TOOLS,
        /// Sees pictures.
        VISION,
        /// Thinks before it answers.
        REASONING
    }

    public Model {
        capabilities = Set.copyOf(capabilities);
        aliases = List.copyOf(aliases);
        if (contextTokens < 0 || answerTokensMax < 1) {
            throw new IllegalArgumentException(
                    "model %s must have 0 or more tokens of context and 1 or more of answer, was %d and %d"
                            .formatted(id, contextTokens, answerTokensMax));
        }
    }

    public boolean can(Capability capability) {
        return capabilities.contains(capability);
    }
}
