package dev.tandem.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.failure.Failure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ExtraParametersTest {
    @Test
    void neutralValuesPass() {
        Map<String, String> neutral =
                Map.of(
                        "n", "1",
                        "logprobs", "false",
                        "top_logprobs", "0",
                        "presence_penalty", "0.0",
                        "frequency_penalty", "0",
                        "logit_bias", "{}",
                        "store", "false",
                        "audio", "null",
                        "modalities", "[\"text\"]",
                        "service_tier", "\"auto\"");

        assertEquals(List.of(), ExtraParameters.leftOut(neutral, Set.of()));
    }

    @Test
    void knownOnesPassAndOthersAreReportedInOrder() {
        Map<String, String> extra = Map.of("seed", "7", "user", "\"a\"", "store", "true");

        assertEquals(List.of("store", "user"), ExtraParameters.leftOut(extra, Set.of("seed")));
    }

    @Test
    void whatChangesTheShapeIsRefusedByName() {
        Map<String, String> extra = Map.of("modalities", "[\"text\",\"audio\"]");

        Failure failure =
                assertThrows(Failure.class, () -> ExtraParameters.leftOut(extra, Set.of()));

        assertEquals(Optional.of("modalities"), failure.param());
    }
}
