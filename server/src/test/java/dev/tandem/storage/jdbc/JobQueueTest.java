package dev.tandem.storage.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class JobQueueTest {
    private final JobQueue queue = new JobQueue(2);
    private final List<Job<?>> taken = new ArrayList<>();

    @Test
    void givesJobsInTheirOrderUpToTheLimit() {
        Job<?> first = put();
        Job<?> second = put();

        assertTrue(queue.take(taken, 1));
        assertEquals(List.of(first), taken);
        assertTrue(queue.take(taken, 5));
        assertEquals(List.of(first, second), taken);
    }

    @Test
    void refusesMoreThanItHolds() {
        put();
        put();

        Failure full = assertThrows(Failure.class, this::put);

        assertEquals(FailureCode.OVERLOADED, full.code());
        assertEquals(Optional.of(Duration.ofSeconds(1)), full.retryAfter());
    }

    @Test
    void givesWhatItHoldsAfterItIsClosedAndTakesNoMore() {
        Job<?> last = put();
        queue.close();

        Failure closed = assertThrows(Failure.class, this::put);

        assertEquals(FailureCode.SHUTTING_DOWN, closed.code());
        assertTrue(queue.take(taken, 5));
        assertEquals(List.of(last), taken);
        taken.clear();
        assertFalse(queue.take(taken, 5));
    }

    private Job<?> put() {
        Job<Integer> job = new Job<>(transaction -> 1);
        queue.put(job);
        return job;
    }
}
