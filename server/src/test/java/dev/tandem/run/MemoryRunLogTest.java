package dev.tandem.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.run.RunEvent.Bill;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class MemoryRunLogTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private static final ScheduledExecutorService TIMER =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

    private final MemoryRunLog log = new MemoryRunLog(1_000_000, TIMER);

    @Test
    void readsWhatIsThereInOrder() throws InterruptedException {
        log.append(new RunEvent.Text("a"));
        log.append(new RunEvent.Text("b"));

        RunReader reader = log.readAfter(0);

        assertEquals(List.of(new RunEvent.Text("a"), new RunEvent.Text("b")), reader.next(LONG));
        assertEquals(2, reader.number());
    }

    @Test
    void readsFromAnyNumber() throws InterruptedException {
        log.append(new RunEvent.Text("a"));
        log.append(new RunEvent.Text("b"));

        assertEquals(List.of(new RunEvent.Text("b")), log.readAfter(1).next(LONG));
    }

    @Test
    void saysNothingWhenNothingHappensInTime() throws InterruptedException {
        assertEquals(List.of(), log.readAfter(0).next(Duration.ofMillis(5)));
    }

    /// One alarm serves all readers: the one that waits longest must not be the one that sets it.
    @Test
    void eachReaderWaitsAsLongAsItWants() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<RunEvent>> patient = threads.submit(() -> log.readAfter(0).next(LONG));
            for (int millis : List.of(120, 40, 80)) {
                long begun = System.nanoTime();

                assertEquals(List.of(), log.readAfter(0).next(Duration.ofMillis(millis)));

                assertTrue(System.nanoTime() - begun >= millis * 1_000_000L);
            }
            assertFalse(patient.isDone());
            log.append(new RunEvent.Text("a"));
            assertEquals(1, patient.get().size());
        }
    }

    @Test
    void everyReaderSeesEverythingWhileItIsWritten() throws Exception {
        int count = 20_000;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<RunEvent>>> readers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                readers.add(threads.submit(this::readToEnd));
            }

            for (int i = 0; i < count; i++) {
                log.append(new RunEvent.Text(Integer.toString(i)));
            }
            log.append(new RunEvent.Cancelled(Bill.NONE));

            for (Future<List<RunEvent>> reader : readers) {
                List<RunEvent> seen = reader.get();
                assertEquals(count + 1, seen.size());
                assertEquals(new RunEvent.Text("12345"), seen.get(12345));
            }
        }
    }

    private List<RunEvent> readToEnd() throws InterruptedException {
        List<RunEvent> seen = new ArrayList<>();
        RunReader reader = log.readAfter(0);
        while (seen.isEmpty() || !(seen.getLast() instanceof RunEvent.End)) {
            seen.addAll(reader.next(LONG));
        }
        return seen;
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> reader = threads.submit(() -> log.readAfter(0).next(LONG));

            reader.cancel(true);

            assertTrue(reader.isCancelled());
        }
    }

    @Test
    void refusesMoreThanItHoldsButTakesTheEnd() {
        MemoryRunLog small = new MemoryRunLog(3, TIMER);
        small.append(new RunEvent.Text("abc"));

        assertThrows(Failure.class, () -> small.append(new RunEvent.Text("d")));
        small.append(new RunEvent.Cancelled(Bill.NONE));

        assertEquals(RunState.CANCELLED, small.end().orElseThrow().state());
    }

    @Test
    void nothingFollowsTheEnd() {
        log.append(new RunEvent.Cancelled(Bill.NONE));

        assertThrows(IllegalStateException.class, () -> log.append(new RunEvent.Text("late")));
    }
}
