package dev.tandem.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class RetentionTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    private final Forgetting archive = new Forgetting();

    private static final class Forgetting implements RunArchive {
        final BlockingQueue<Instant> asked = new LinkedBlockingQueue<>();
        private boolean broken = true;

        @Override
        public void append(List<RunSegment> segments) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<RunSegment> read(RunInfo run, long after) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int forget(Instant endedBefore) {
            asked.add(endedBefore);
            if (broken) {
                broken = false;
                throw new IllegalStateException("the database is away");
            }
            return 1;
        }
    }

    @Test
    void forgetsWhatEndedTooLongAgoNowAndThenWhateverHappens() throws Exception {
        try (Retention _ =
                new Retention(
                        archive,
                        Duration.ofHours(24),
                        InstantSource.fixed(NOON),
                        Duration.ofMillis(1))) {
            for (int time = 0; time < 3; time++) {
                @Nullable Instant before = archive.asked.poll(10, TimeUnit.SECONDS);
                assertEquals(NOON.minus(Duration.ofHours(24)), before);
            }
        }
    }
}
