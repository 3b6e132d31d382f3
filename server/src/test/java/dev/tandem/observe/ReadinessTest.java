package dev.tandem.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.observe.Readiness.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReadinessTest {
    @Test
    void onlyGoesForwardAndTellsItsWatchers() {
        Readiness readiness = new Readiness();
        List<State> seen = new ArrayList<>();
        readiness.watch(seen::add);

        readiness.reach(State.READY);
        assertTrue(readiness.isReady());
        readiness.reach(State.DRAINING);
        readiness.reach(State.READY);

        assertEquals(State.DRAINING, readiness.state());
        assertEquals(List.of(State.STARTING, State.READY, State.DRAINING), seen);
    }
}
