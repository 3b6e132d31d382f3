package dev.tandem.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.storage.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ArchiverTest {
    private static final ScheduledExecutorService TIMER =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

    private final FakeArchive archive = new FakeArchive();
    private final Archiver archiver = new Archiver(archive);

    /// Keeps what it gets, and fails or takes its time where a test wants it.
    private static final class FakeArchive implements RunArchive {
        final Map<String, List<RunEvent>> stored = new ConcurrentHashMap<>();
        final Semaphore appended = new Semaphore(0);
        final AtomicInteger calls = new AtomicInteger();
        final AtomicInteger failures = new AtomicInteger();
        volatile CountDownLatch open = new CountDownLatch(0);

        @Override
        public void append(List<RunSegment> segments) {
            calls.incrementAndGet();
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IllegalStateException("the disk is full");
            }
            try {
                assertTrue(open.await(10, TimeUnit.SECONDS));
            } catch (InterruptedException stop) {
                throw new IllegalStateException(stop);
            }
            segments.forEach(this::store);
            appended.release();
        }

        private void store(RunSegment segment) {
            List<RunEvent> events = stored.computeIfAbsent(segment.runId(), _ -> new ArrayList<>());
            assertEquals(events.size() + 1, segment.first(), "a hole, or something twice");
            events.addAll(segment.events());
        }

        @Override
        public List<RunSegment> read(RunInfo run, long after) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int forget(Instant endedBefore) {
            throw new UnsupportedOperationException();
        }

        void awaitAppend() throws InterruptedException {
            assertTrue(appended.tryAcquire(10, TimeUnit.SECONDS), "nothing was stored");
        }
    }

    @AfterEach
    void close() {
        archiver.close();
    }

    private static Run run() {
        return new Run(
                Samples.run(Samples.TENANT, Optional.empty()).info(),
                new MemoryRunLog(1_000_000, TIMER));
    }

    private static void say(Run run, String text) {
        run.log().append(new RunEvent.Text(text));
    }

    /// Gives up by itself: a loop that spins cannot be interrupted.
    private static void awaitUntil(BooleanSupplier holds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!holds.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "it does not happen");
            Thread.onSpinWait();
        }
    }

    @Test
    void storesWhatRunsSayWhileTheySayIt() throws Exception {
        Run run = run();
        archiver.add(run);

        say(run, "a");
        archive.awaitAppend();
        say(run, "b");
        archive.awaitAppend();

        assertEquals(
                List.of(new RunEvent.Text("a"), new RunEvent.Text("b")),
                archive.stored.get(run.info().id()));
        assertEquals(Optional.empty(), archiver.take(run));
    }

    @Test
    void handsOutWhatIsNotStoredOfARunThatEnds() throws Exception {
        Run run = run();
        archiver.add(run);
        say(run, "a");
        archive.awaitAppend();
        archive.failures.set(Integer.MAX_VALUE);
        say(run, "b");
        say(run, "c");

        RunSegment rest = archiver.take(run).orElseThrow();

        assertEquals(2, rest.first());
        assertEquals(List.of(new RunEvent.Text("b"), new RunEvent.Text("c")), rest.events());
        assertEquals(Optional.empty(), archiver.take(run), "it was handed out already");
    }

    @Test
    void whatCouldNotBeStoredIsTriedAgainAndNothingIsLost() throws Exception {
        Run run = run();
        archive.failures.set(2);
        archiver.add(run);
        say(run, "a");
        awaitUntil(() -> archive.failures.get() <= 1);
        say(run, "b");

        archive.awaitAppend();

        assertEquals(
                List.of(new RunEvent.Text("a"), new RunEvent.Text("b")),
                archive.stored.get(run.info().id()));
    }

    @Test
    void aSlowArchiveDoesNotSlowWhoeverSpeaks() throws Exception {
        Run run = run();
        archive.open = new CountDownLatch(1);
        archiver.add(run);
        say(run, "first");
        awaitUntil(() -> archive.calls.get() > 0);
        RunReader reader = run.log().readAfter(1);

        for (int i = 0; i < 1_000; i++) {
            say(run, "more");
        }

        assertEquals(1_000, reader.next(Duration.ofSeconds(10)).size());
        assertEquals(Map.of(), archive.stored, "the archive was not slow");
        archive.open.countDown();
        archive.awaitAppend();
        archive.awaitAppend();
        assertEquals(1_001, archive.stored.getOrDefault(run.info().id(), List.of()).size());
    }

    @Test
    void everyRunOfManyIsStoredHoweverTheyComeAndGo() throws Exception {
        List<Run> all = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            CountDownLatch go = new CountDownLatch(1);
            Run leaves = run();
            archiver.add(leaves);
            Run comes = run();
            all.add(comes);
            Thread taker = Thread.ofVirtual().start(() -> await(go, () -> archiver.take(leaves)));
            Thread adder = Thread.ofVirtual().start(() -> await(go, () -> archiver.add(comes)));
            go.countDown();
            taker.join();
            adder.join();
            say(comes, "here");

            archive.awaitAppend();

            assertEquals(List.of(new RunEvent.Text("here")), archive.stored.get(comes.info().id()));
            archiver.take(comes);
        }
        assertEquals(20, all.size());
    }

    private static void await(CountDownLatch go, Runnable then) {
        try {
            go.await();
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
        then.run();
    }

    @Test
    void theThreadSleepsWhenNothingRuns() throws Exception {
        Run run = run();
        archiver.add(run);
        say(run, "a");
        archive.awaitAppend();
        archiver.take(run);
        awaitUntil(archiver::sleeps);

        archiver.add(run());

        awaitUntil(() -> !archiver.sleeps());
    }
}
