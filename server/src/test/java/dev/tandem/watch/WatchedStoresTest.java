package dev.tandem.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunEvent.Bill;
import dev.tandem.run.RunRecord;
import dev.tandem.run.RunSettings;
import dev.tandem.run.RunStore;
import dev.tandem.run.Runs;
import dev.tandem.session.Session;
import dev.tandem.session.SessionChange;
import dev.tandem.session.SessionStore;
import dev.tandem.session.StoredMessage;
import dev.tandem.storage.Samples;
import dev.tandem.storage.jdbc.Database;
import dev.tandem.storage.jdbc.JdbcRunStore;
import dev.tandem.storage.jdbc.JdbcSessionStore;
import dev.tandem.storage.jdbc.StorageSettings;
import dev.tandem.watch.SessionNews.Changed;
import dev.tandem.watch.SessionNews.Cleared;
import dev.tandem.watch.SessionNews.Deleted;
import dev.tandem.watch.SessionNews.RunBegan;
import dev.tandem.watch.SessionNews.RunEnded;
import dev.tandem.watch.SessionNews.Stored;
import dev.tandem.watch.SessionNews.Told;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class WatchedStoresTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final int MANY = 1_000_000;
    private static final RunEvent.End END = new RunEvent.Cancelled(Bill.NONE);

    @TempDir Path folder;

    private final SessionFeed feed = new SessionFeed();
    private final Runs live = new Runs(RunSettings.DEFAULTS);
    private Database database;
    private SessionStore sessions;
    private RunStore store;

    @BeforeEach
    void open() {
        database = Database.open(StorageSettings.DEFAULTS.in(folder));
        sessions = new WatchedSessionStore(new JdbcSessionStore(database), feed);
        store = new WatchedRunStore(new JdbcRunStore(database), live, feed);
    }

    @AfterEach
    void close() {
        live.close();
        database.close();
    }

    @Test
    void tellWhatChangesASession() throws Exception {
        Session session = created();
        try (SessionWatch watch = watch(session)) {
            sessions.update(session.tenant(), session.id(), titled("Kites"), Samples.LATER);
            sessions.clear(session.tenant(), session.id(), Samples.LATER);
            sessions.delete(session.tenant(), session.id());

            assertEquals(
                    List.of(new Changed(), new Cleared(), new Changed(), new Deleted()),
                    watch.next(LONG));
        }
    }

    @Test
    void tellNothingOfWhatDidNotHappen() throws Exception {
        Session session = created();
        RunRecord rival = Samples.run(session);
        try (SessionWatch watch = watch(session)) {
            sessions.update("nobody", session.id(), titled("Mine"), Samples.LATER);
            sessions.clear("nobody", session.id(), Samples.LATER);
            sessions.delete("nobody", session.id());
            Run run = begun(session);
            assertThrows(
                    RuntimeException.class,
                    () -> store.begin(rival, List.of(), Optional.of("Rival")));
            assertThrows(
                    RuntimeException.class,
                    () -> sessions.clear(session.tenant(), session.id(), Samples.LATER));

            List<SessionNews> news = watch.next(LONG);
            assertEquals(3, news.size());
            assertEquals(new RunBegan(run), news.get(1));
            assertEquals(List.of(), watch.next(Duration.ZERO));
        }
    }

    @Test
    void tellARunWithItsMessages() throws Exception {
        Session session = created();
        try (SessionWatch watch = watch(session)) {
            Run run = begun(session);
            StoredMessage answer = ended(run);

            List<StoredMessage> history = sessions.history(session.tenant(), session.id());
            List<SessionNews> news = untilEnded(watch, 1);

            assertEquals(
                    List.of(
                            new Stored(List.of(history.getFirst())),
                            new RunBegan(run),
                            new Changed(),
                            new Told(run, 1, List.of(END)),
                            new RunEnded(run.info().id(), List.of(answer)),
                            new Changed()),
                    news);
        }
    }

    @Test
    void aRunThatCannotBeStoredHasEndedNevertheless() throws Exception {
        Session session = created();
        Run run = begun(session);
        RunRecord notEnded = RunRecord.begun(run.info());

        assertThrows(
                IllegalArgumentException.class,
                () -> store.finish(notEnded, List.of(), false, Optional.empty()));

        try (SessionWatch watch = watch(session)) {
            assertEquals(List.of(), watch.next(Duration.ZERO));
        }
    }

    /// Whoever begins to watch at any moment has every message once: in the session as it was then,
    /// or told after it.
    @Test
    void loseAndDoubleNoMessageWhileWatchersComeAndGo() throws Exception {
        int rounds = 150;
        Session session = created();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                SessionWatch first = watch(session)) {
            Future<List<SessionNews>> whole = threads.submit(() -> until(first, MANY));
            List<Future<List<Seen>>> comers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int stay = 1 + i * 5;
                comers.add(threads.submit(() -> comeAndGo(session, stay)));
            }
            for (int i = 0; i < rounds; i++) {
                StoredMessage _ = ended(begun(session));
            }
            sessions.delete(session.tenant(), session.id());

            List<StoredMessage> all = messages(whole.get());
            assertEquals(2 * rounds, all.size());
            for (Future<List<Seen>> comer : comers) {
                List<Seen> visits = comer.get();
                assertTrue(visits.size() > 1, "came " + visits.size() + " times");
                for (Seen seen : visits) {
                    int had = seen.had();
                    assertEquals(all.subList(had, had + seen.told().size()), seen.told());
                }
            }
        }
        assertEquals(0, feed.watches());
    }

    /// The same, with so many comers that some come in the very moment in which a message is
    /// stored.
    @Test
    void loseAndDoubleNoMessageWhileACrowdComes() throws Exception {
        int sessionCount = 10;
        int rounds = 20;
        int crowdMax = 400;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < sessionCount; i++) {
                Session session = created();
                SessionWatch first = watch(session);
                Future<List<SessionWatch>> crowding =
                        threads.submit(() -> crowd(session, crowdMax));
                for (int round = 0; round < rounds; round++) {
                    StoredMessage _ = ended(begun(session));
                }
                sessions.delete(session.tenant(), session.id());

                List<StoredMessage> all = messages(until(first, MANY));
                first.close();
                assertEquals(2 * rounds, all.size());
                for (SessionWatch watch : crowding.get()) {
                    int had = (int) watch.beginning().messageCount();
                    assertEquals(all.subList(had, all.size()), messages(until(watch, MANY)));
                    watch.close();
                }
            }
        }
        assertEquals(0, feed.watches());
    }

    /// Begins to watch, again and again, until the session is gone.
    private List<SessionWatch> crowd(Session session, int max) {
        List<SessionWatch> crowd = new ArrayList<>();
        try {
            while (crowd.size() < max) {
                crowd.add(watch(session));
            }
        } catch (NoSuchElementException deleted) {
            return crowd;
        }
        return crowd;
    }

    /// What one visit saw.
    ///
    /// @param had how many messages the session had when it began
    private record Seen(int had, List<StoredMessage> told) {}

    /// Watches again and again, each time for so many messages, until the session is gone.
    private List<Seen> comeAndGo(Session session, int stay) throws InterruptedException {
        List<Seen> visits = new ArrayList<>();
        while (true) {
            try (SessionWatch watch = watch(session)) {
                List<StoredMessage> told = messages(until(watch, stay));
                visits.add(new Seen((int) watch.beginning().messageCount(), told));
            } catch (NoSuchElementException deleted) {
                return visits;
            }
        }
    }

    /// News until there are so many messages among them, or the session is gone.
    private static List<SessionNews> until(SessionWatch watch, int count)
            throws InterruptedException {
        List<SessionNews> news = new ArrayList<>();
        while (messages(news).size() < count && !news.contains(new Deleted())) {
            List<SessionNews> more = watch.next(LONG);
            assertFalse(more.isEmpty(), () -> "nothing comes after " + news);
            news.addAll(more);
        }
        return news;
    }

    private static List<StoredMessage> messages(List<SessionNews> news) {
        List<StoredMessage> messages = new ArrayList<>();
        for (SessionNews each : news) {
            if (each instanceof Stored stored) {
                messages.addAll(stored.messages());
            } else if (each instanceof RunEnded ended) {
                messages.addAll(ended.messages());
            }
        }
        return messages;
    }

    private static List<SessionNews> untilEnded(SessionWatch watch, int runs)
            throws InterruptedException {
        List<SessionNews> news = new ArrayList<>();
        while (news.stream().filter(RunEnded.class::isInstance).count() < runs) {
            news.addAll(watch.next(LONG));
        }
        return news;
    }

    private Session created() {
        Session session = Samples.session();
        sessions.create(session);
        return session;
    }

    private SessionWatch watch(Session session) {
        return feed.watch(
                session.tenant(),
                session.id(),
                () -> sessions.find(session.tenant(), session.id()).orElseThrow());
    }

    /// Begins to answer, as the engine does.
    private Run begun(Session session) {
        RunRecord record = Samples.run(session);
        Run run = live.enter(record.info());
        store.begin(record, List.of(Samples.question(record, "Why?")), Optional.empty());
        return run;
    }

    /// Ends an answer, as the engine does.
    private StoredMessage ended(Run run) {
        RunRecord record = RunRecord.begun(run.info());
        StoredMessage answer = Samples.answer(record, "Because.");
        store.finish(record.ended(END, Samples.LATER), List.of(answer), false, Optional.empty());
        live.leave(run);
        run.end(END, Samples.LATER);
        return answer;
    }

    private static SessionChange titled(String title) {
        return new SessionChange(Optional.of(title), Optional.empty(), Optional.empty());
    }
}
