package dev.tandem.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HubSettingsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void refusesWhatMakesNoSense() {
        assertEquals("mcp.idle-stop must be positive", refused(Duration.ZERO, 1, 1, SECOND));
        assertEquals("mcp.processes-max must be at least 1, was 0", refused(SECOND, 0, 1, SECOND));
        assertEquals(
                "mcp.processes-per-tenant-max must be at least 1, was 0",
                refused(SECOND, 1, 0, SECOND));
        assertEquals(
                "mcp.backoff-max must be at least mcp.backoff-min",
                refused(SECOND, 1, 1, Duration.ofHours(1)));
    }

    @Test
    void waitsTwiceAsLongEachTimeUpToTheLimitAndNeverLessThanThreeQuarters() {
        Backoff full = new Backoff(SECOND, Duration.ofMinutes(1), () -> 0);
        Backoff least = new Backoff(SECOND, Duration.ofMinutes(1), () -> -1L);
        List<Long> seconds = new ArrayList<>();
        for (int failures : new int[] {1, 2, 3, 7, 40, 1_000_000}) {
            seconds.add(full.after(failures).toSeconds());
        }

        assertEquals(List.of(1L, 2L, 4L, 60L, 60L, 60L), seconds);
        assertEquals(Duration.ofMillis(751), least.after(1));
    }

    private static String refused(Duration idle, int all, int perTenant, Duration backoff) {
        return String.valueOf(
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        new HubSettings(
                                                idle,
                                                SECOND,
                                                all,
                                                perTenant,
                                                backoff,
                                                Duration.ofMinutes(1),
                                                SECOND,
                                                Path.of("mcp"),
                                                List.of()))
                        .getMessage());
    }
}
