package dev.tandem.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.conversation.Usage;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Bills worked out by hand, in nano-dollars: a dollar for a million tokens is 1000 for one.
final class PriceTest {
    private final Catalog catalog = Catalog.of(Set.of("anthropic", "openai", "google", "local"));

    @Test
    void addsUpFourKindsOfTokensAndTheHourlyWrites() {
        // Sonnet 5.5: 2 / 10 / .1 / 2.5 / 4 dollars a million.
        // 1,200 in × 2000 + 350 out × 10,000 + 50,000 read × 100 + 3,000 written × 2500
        // + 1,000 written for an hour × 4000
        // = 2,400,000 + 3,500,000 + 5,000,000 + 7,500,000 + 4,000,000
        assertEquals(
                OptionalLong.of(22_400_000),
                cost("sonnet", new Usage(1_200, 50_000, 4_000, 350, 1_000, 100)));
    }

    @Test
    void billsTheRecordedCacheWriteAndReadOfSonnet46() {
        // 3 / 15 / .3 / 3.75 / 6; recording 21: 3 in, 10 + 3,259 (hour) written, 6 out …
        // 3 × 3000 + 10 × 3750 + 3,259 × 6000 + 6 × 15,000 = 9000 + 37,500 + 19,554,000 + 90,000
        assertEquals(
                OptionalLong.of(19_690_500),
                cost("claude-sonnet-4-6", new Usage(3, 0, 3_269, 6, 3_259, 0)));
        // … and the read of the same: 3 × 3000 + 3,269 × 300 + 6 × 15,000
        assertEquals(
                OptionalLong.of(1_079_700),
                cost("claude-sonnet-4-6", new Usage(3, 3_269, 0, 6, 0, 0)));
    }

    @Test
    void aLongPromptPricesTheWholeRequestAnew() {
        // Haiku 5.5, .1 / .5 / .01 / .125: 99,000 + 1,000 read is not above 100,000 …
        // 99,000 × 100 + 1,000 × 10 + 10 × 500
        assertEquals(
                OptionalLong.of(9_915_000), cost("haiku", new Usage(99_000, 1_000, 0, 10, 0, 0)));
        // … one more cached token is: 99,000 × 500 + 1,001 × 50 + 10 × 2500
        assertEquals(
                OptionalLong.of(49_575_050), cost("haiku", new Usage(99_000, 1_001, 0, 10, 0, 0)));
        // … and hourly writes cost 1 dollar there: 200,000 × 1000
        assertEquals(
                OptionalLong.of(200_000_000),
                cost("haiku", new Usage(0, 0, 200_000, 0, 200_000, 0)));
    }

    @Test
    void roundsOnceAndHalfUp() {
        Rates rates =
                new Rates(
                        1,
                        500_000,
                        OptionalLong.of(250_000),
                        OptionalLong.empty(),
                        OptionalLong.empty());
        Price price = new Price(rates, Optional.empty());

        assertEquals(OptionalLong.of(0), price.cost(new Usage(499_999, 0, 0, 0, 0, 0)));
        assertEquals(OptionalLong.of(1), price.cost(new Usage(500_000, 0, 0, 0, 0, 0)));
        // a quarter, a quarter and a half are one, not three times nothing
        assertEquals(OptionalLong.of(1), price.cost(new Usage(0, 2, 0, 1, 0, 0)));
    }

    @Test
    void aPriceThatIsNotKnownIsNotNothing() {
        Price gpt4 = catalog.resolve("gpt-4").price().orElseThrow();

        assertEquals(OptionalLong.of(30_000), gpt4.cost(new Usage(1, 0, 0, 0, 0, 0)));
        assertEquals(OptionalLong.empty(), gpt4.cost(new Usage(1, 1, 0, 0, 0, 0)));
        assertEquals(OptionalLong.empty(), gpt4.cost(new Usage(1, 0, 1, 0, 0, 0)));
        assertEquals(Optional.empty(), catalog.resolve("gemma-4-31b-it").price());
        assertEquals(Optional.empty(), catalog.resolve("claude-opus-9").price());
    }

    @Test
    void theEmbeddedModelIsFree() {
        assertEquals(OptionalLong.of(0), cost("local", new Usage(10, 10, 10, 10, 5, 0)));
    }

    private OptionalLong cost(String model, Usage usage) {
        return catalog.resolve(model).price().orElseThrow().cost(usage);
    }
}
