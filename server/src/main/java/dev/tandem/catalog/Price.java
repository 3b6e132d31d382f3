package dev.tandem.catalog;

import dev.tandem.conversation.Usage;
import java.util.Optional;
import java.util.OptionalLong;

/// What a model costs.
///
/// @param rates the ordinary prices
/// @param longPrompt the prices of a request with a long prompt, where they differ
public record Price(Rates rates, Optional<LongPrompt> longPrompt) {

    /// Prices of a long prompt. They apply to the whole request, not to what lies above the bound.
    ///
    /// @param aboveTokens the bound: a prompt of more tokens than that, cached or not, is long
    public record LongPrompt(long aboveTokens, Rates rates) {}

    /// The cost of one request in nano-dollars. Take it per request and add up costs, not usages:
    /// whether a prompt is long is decided for each.
    ///
    /// @return empty when a price is missing for tokens that were used
    public OptionalLong cost(Usage usage) {
        return ratesFor(usage).cost(usage);
    }

    private Rates ratesFor(Usage usage) {
        return longPrompt
                .filter(tier -> usage.promptTokens() > tier.aboveTokens())
                .map(LongPrompt::rates)
                .orElse(rates);
    }
}
