package dev.tandem.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

final class IdsTest {
    private final Ids ids =
            new Ids(
                    InstantSource.fixed(Instant.ofEpochMilli(1_800_000_000_000L)),
                    new SecureRandom());

    @Test
    void hasAPrefixAnd26Characters() {
        assertTrue(ids.run().matches("run_[0-9a-hjkmnp-tv-z]{26}"));
        assertTrue(ids.session().matches("sess_[0-9a-hjkmnp-tv-z]{26}"));
    }

    @Test
    void idsOfOneMillisecondSortAsTheyWereMadeAndDiffer() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            made.add(ids.message());
        }

        assertEquals(made, made.stream().sorted().toList());
        assertEquals(made.size(), new HashSet<>(made).size());
    }

    @Test
    void laterIdsSortBehindEarlierOnes() {
        Ids later =
                new Ids(
                        InstantSource.fixed(Instant.ofEpochMilli(1_800_000_000_001L)),
                        new SecureRandom());

        assertTrue(ids.run().compareTo(later.run()) < 0);
    }

    @Test
    void aClockThatGoesBackDoesNotDisturbTheOrder() {
        long[] now = {2_000};
        Ids shaky = new Ids(() -> Instant.ofEpochMilli(now[0]), new SecureRandom());

        String first = shaky.run();
        now[0] = 1_000;

        assertTrue(first.compareTo(shaky.run()) < 0);
    }

    @Test
    void aRunHasTwoNames() {
        String run = ids.run();
        String completion = Ids.Runs.completionId(run);

        assertTrue(completion.startsWith("chatcmpl-"));
        assertEquals(run, Ids.Runs.runId(completion));
        assertEquals(run, Ids.Runs.runId(run));
        assertEquals("sess_1", Ids.Runs.runId("sess_1"));
    }
}
