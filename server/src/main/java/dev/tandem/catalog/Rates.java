package dev.tandem.catalog;

import dev.tandem.conversation.Usage;
import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalLong;

/// Prices of a million tokens of each kind, in nano-dollars (billionths of a US dollar): integers,
/// so that bills add up to the last digit.
///
/// @param cacheRead empty where the provider has no price for it, or it is not known
/// @param cacheWrite of five minutes
/// @param cacheWriteHour of an hour
public record Rates(
        long input,
        long output,
        OptionalLong cacheRead,
        OptionalLong cacheWrite,
        OptionalLong cacheWriteHour) {

    private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);
    private static final BigInteger HALF = BigInteger.valueOf(500_000);

    public Rates {
        if (input < 0 || output < 0) {
            throw new IllegalArgumentException(
                    "prices must be 0 or more, were " + input + " and " + output);
        }
    }

    /// The cost of a request in nano-dollars, rounded half up once, at the end; empty when a price
    /// is missing for tokens that were used.
    OptionalLong cost(Usage usage) {
        long shortWrites = usage.cacheWriteTokens() - usage.cacheWriteHourTokens();
        Optional<BigInteger> sum =
                Optional.of(
                                times(usage.inputTokens(), input)
                                        .add(times(usage.outputTokens(), output)))
                        .flatMap(part -> plus(part, usage.cacheReadTokens(), cacheRead))
                        .flatMap(part -> plus(part, shortWrites, cacheWrite))
                        .flatMap(part -> plus(part, usage.cacheWriteHourTokens(), cacheWriteHour));
        return sum.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(sum.get().add(HALF).divide(MILLION).longValueExact());
    }

    private static Optional<BigInteger> plus(BigInteger part, long tokens, OptionalLong rate) {
        if (tokens == 0) {
            return Optional.of(part);
        }
        return rate.isEmpty()
                ? Optional.empty()
                : Optional.of(part.add(times(tokens, rate.getAsLong())));
    }

    private static BigInteger times(long tokens, long rate) {
        return BigInteger.valueOf(tokens).multiply(BigInteger.valueOf(rate));
    }
}
