package dev.tandem.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.run.MemoryRunLog;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunEvent.Bill;
import dev.tandem.run.RunRecord;
import dev.tandem.session.Session;
import dev.tandem.session.StoredMessage;
import dev.tandem.storage.Samples;
import dev.tandem.watch.SessionNews.Changed;
import dev.tandem.watch.SessionNews.Cleared;
import dev.tandem.watch.SessionNews.Deleted;
import dev.tandem.watch.SessionNews.RunBegan;
import dev.tandem.watch.SessionNews.RunEnded;
import dev.tandem.watch.SessionNews.Stored;
import dev.tandem.watch.SessionNews.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class SessionFeedTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final RunEvent END = new RunEvent.Cancelled(Bill.NONE);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final SessionFeed feed = new SessionFeed();
    private final Session session = Samples.session();
    private final RunRecord record = Samples.run(session);
    private final Run run = new Run(record.info(), new MemoryRunLog(1_000_000, timer));
    private final StoredMessage question = Samples.question(record, "Why?");
    private final StoredMessage answer = Samples.answer(record, "Because.");

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void tellsWhatHappensAfterTheLook() throws Exception {
        tell(new Changed());
        try (SessionWatch watch = watch()) {
            tell(new Stored(List.of(question)), new Changed(), new Cleared(), new Deleted());

            assertEquals(session, watch.beginning());
            assertEquals(
                    List.of(
                            new Stored(List.of(question)),
                            new Changed(),
                            new Cleared(),
                            new Deleted()),
                    watch.next(LONG));
        }
    }

    @Test
    void tellsEveryWatcherOfTheSessionAndNobodyElse() throws Exception {
        try (SessionWatch one = watch();
                SessionWatch other = watch();
                SessionWatch stranger = feed.watch(Samples.OTHERS, session.id(), () -> session);
                SessionWatch elsewhere = feed.watch(session.tenant(), "sess_0", () -> session)) {
            tell(new Cleared());

            assertEquals(List.of(new Cleared()), one.next(LONG));
            assertEquals(List.of(new Cleared()), other.next(LONG));
            assertEquals(List.of(), stranger.next(Duration.ZERO));
            assertEquals(List.of(), elsewhere.next(Duration.ZERO));
        }
    }

    @Test
    void isSilentWhereNothingHappens() throws Exception {
        try (SessionWatch watch = watch()) {
            long begun = System.nanoTime();

            assertEquals(List.of(), watch.next(Duration.ofMillis(30)));

            assertTrue(System.nanoTime() - begun >= 30_000_000);
        }
    }

    @Test
    void tellsARunInProgressFromItsBeginning() throws Exception {
        tell(new RunBegan(run));
        say("a", "b");
        try (SessionWatch watch = watch()) {
            assertEquals(List.of(new RunBegan(run)), watch.next(LONG));
            assertEquals("ab", heard(watch, 2));

            say("c");
            assertEquals("c", heard(watch, 1));
        }
    }

    @Test
    void tellsARunOnceThoughItIsAnnouncedTwice() throws Exception {
        try (SessionWatch watch = watch()) {
            tell(new RunBegan(run), new Stored(List.of(question)), new RunBegan(run));

            assertEquals(
                    List.of(new RunBegan(run), new Stored(List.of(question))), watch.next(LONG));
        }
    }

    @Test
    void tellsTheMessagesOfARunAfterItsLastEvent() throws Exception {
        tell(new RunBegan(run));
        try (SessionWatch watch = watch()) {
            assertEquals(List.of(new RunBegan(run)), watch.next(LONG));
            tell(new RunEnded(record.info().id(), List.of(answer)), new Changed());
            say("a");
            assertEquals("a", heard(watch, 1));
            assertEquals(List.of(), watch.next(Duration.ZERO));

            run.log().append(END);

            assertEquals(
                    List.of(
                            new Told(run, 2, List.of(END)),
                            new RunEnded(record.info().id(), List.of(answer)),
                            new Changed()),
                    watch.next(LONG));
        }
    }

    @Test
    void tellsTheMessagesOfARunThatWasNotTold() throws Exception {
        try (SessionWatch watch = watch()) {
            tell(new RunEnded(record.info().id(), List.of(answer)));

            assertInstanceOf(RunEnded.class, watch.next(LONG).getFirst());
        }
    }

    @Test
    void doesNotTellOfARunThatHasEnded() throws Exception {
        tell(new RunBegan(run), new RunEnded(record.info().id(), List.of(answer)));

        try (SessionWatch watch = watch()) {
            assertEquals(List.of(), watch.next(Duration.ZERO));
        }
    }

    @Test
    void changesInARowAreOne() throws Exception {
        try (SessionWatch watch = watch()) {
            tell(new Changed(), new Changed(), new Cleared(), new Changed());

            assertEquals(List.of(new Changed(), new Cleared(), new Changed()), watch.next(LONG));
        }
    }

    @Test
    void endsAWatchThatFallsBehindAndNoOther() throws Exception {
        try (SessionWatch slow = watch();
                SessionWatch quick = watch()) {
            for (int i = 0; i <= Weight.MAX; i++) {
                tell(new Cleared());
                assertEquals(List.of(new Cleared()), quick.next(LONG));
            }

            Failure failure = assertThrows(Failure.class, () -> slow.next(LONG));

            assertEquals(FailureCode.OVERLOADED, failure.code());
            assertEquals(true, failure.retryable().orElseThrow());
            assertEquals(List.of(), quick.next(Duration.ZERO));
        }
    }

    @Test
    void boundsWhatWaitsBySizeButTakesALargeMessage() throws Exception {
        StoredMessage large = Samples.question(record, "x".repeat(30_000_000));
        try (SessionWatch watch = watch()) {
            tell(new Stored(List.of(large)), new RunBegan(run), new Changed());
            assertEquals(3, watch.next(LONG).size());

            for (int i = 0; i < 5; i++) {
                tell(new Stored(List.of(large)));
            }
            assertThrows(Failure.class, () -> watch.next(LONG));
        }
    }

    @Test
    void aSlowWatcherHoldsUpNeitherARunNorTheFeed() throws Exception {
        int many = 10_000;
        try (SessionWatch watch = watch()) {
            tell(new RunBegan(run));
            assertEquals(List.of(new RunBegan(run)), watch.next(LONG));
            for (int i = 0; i < many; i++) {
                say("x");
            }
            run.log().append(END);
            tell(new RunEnded(record.info().id(), List.of(answer)));

            List<SessionNews> news = new ArrayList<>();
            while (!(!news.isEmpty() && news.getLast() instanceof RunEnded)) {
                news.addAll(watch.next(LONG));
            }

            assertEquals(many + 1, events(news).size());
        }
    }

    @Test
    void aRunThatCannotBeReadEndsTheWatch() throws Exception {
        timer.shutdownNow();
        tell(new RunBegan(run));
        try (SessionWatch watch = watch()) {
            assertEquals(List.of(new RunBegan(run)), watch.next(LONG));

            Failure failure = assertThrows(Failure.class, () -> watch.next(LONG));

            assertEquals(FailureCode.INTERNAL, failure.code());
        }
    }

    @Test
    void aWatcherThatLeavesLeavesNothingBehind() throws Exception {
        tell(new RunBegan(run));
        SessionWatch watch = watch();
        List<SessionNews> _ = watch.next(LONG);
        List<Thread> threads = watch.threads();
        assertEquals(1, threads.size());
        assertEquals(1, feed.watches());

        watch.close();

        assertTrue(threads.getFirst().join(LONG));
        assertEquals(0, feed.watches());
        assertTrue(run.log().end().isEmpty(), "the run goes on");
    }

    @Test
    void aWatcherOfARunThatEndedHasNoThread() throws Exception {
        tell(new RunBegan(run));
        run.log().append(END);
        try (SessionWatch watch = watch()) {
            List<SessionNews> _ = watch.next(LONG);
            List<SessionNews> _ = watch.next(LONG);

            assertEquals(List.of(), watch.threads());
        }
    }

    @Test
    void aLookThatFailsBeginsNothing() {
        assertThrows(
                Failure.class,
                () ->
                        feed.watch(
                                session.tenant(),
                                session.id(),
                                () -> {
                                    throw Failure.notFound("session_id", "none");
                                }));

        assertEquals(0, feed.watches());
    }

    @Test
    void endsEveryWatchWhenTheServerGoesDownAfterWhatWasThere() throws Exception {
        try (SessionWatch before = watch()) {
            tell(new Cleared());
            feed.close();
            try (SessionWatch after = watch()) {
                assertEquals(List.of(new Cleared()), before.next(LONG));
                for (SessionWatch watch : List.of(before, after)) {
                    Failure failure = assertThrows(Failure.class, () -> watch.next(LONG));
                    assertEquals(FailureCode.SHUTTING_DOWN, failure.code());
                }
            }
        }
    }

    private SessionWatch watch() {
        return feed.watch(session.tenant(), session.id(), () -> session);
    }

    private void tell(SessionNews... news) {
        boolean _ = feed.tell(session.tenant(), session.id(), () -> true, _ -> List.of(news));
    }

    private void say(String... words) {
        for (String word : words) {
            run.log().append(new RunEvent.Text(word));
        }
    }

    /// The text of the next so many events.
    private static String heard(SessionWatch watch, int count) throws InterruptedException {
        List<SessionNews> news = new ArrayList<>();
        while (events(news).size() < count) {
            news.addAll(watch.next(LONG));
        }
        StringBuilder text = new StringBuilder();
        events(news).forEach(event -> text.append(((RunEvent.Text) event).text()));
        return text.toString();
    }

    private static List<RunEvent> events(List<SessionNews> news) {
        return news.stream()
                .filter(Told.class::isInstance)
                .flatMap(told -> ((Told) told).events().stream())
                .toList();
    }
}
