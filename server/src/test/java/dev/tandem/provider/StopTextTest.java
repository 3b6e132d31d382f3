package dev.tandem.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class StopTextTest {
    @Test
    void letsEverythingPassWithoutStops() {
        StopText stop = new StopText(List.of(""));

        assertEquals("anything", stop.feed("anything"));
        assertEquals("", stop.rest());
    }

    @Test
    void holdsBackOnlyWhatCouldBecomeAStop() {
        StopText stop = new StopText(List.of("END"));

        assertEquals("a ", stop.feed("a E"));
        assertEquals("", stop.feed("N"));
        assertEquals("ENough ", stop.feed("ough E"));
        assertEquals("E", stop.rest());
    }

    @Test
    void endsBeforeTheFirstStopOfSeveral() {
        StopText stop = new StopText(List.of("three", "two"));

        assertEquals("one ", stop.feed("one tw"));
        assertEquals("", stop.feed("o three"));
        assertEquals(Optional.of("two"), stop.found());
        assertEquals("", stop.feed("more"));
        assertEquals("", stop.rest());
    }
}
