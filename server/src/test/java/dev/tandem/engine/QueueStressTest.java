package dev.tandem.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.tandem.auth.Caller;
import dev.tandem.catalog.Catalog;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import dev.tandem.id.Ids;
import dev.tandem.provider.ModelRequest;
import dev.tandem.provider.ModelRequest.Options;
import dev.tandem.provider.scripted.Pause;
import dev.tandem.provider.scripted.ScriptedObserver;
import dev.tandem.provider.scripted.ScriptedProvider;
import dev.tandem.run.Archiver;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunRecord;
import dev.tandem.run.RunSettings;
import dev.tandem.run.RunState;
import dev.tandem.run.RunTerms;
import dev.tandem.run.Runs;
import dev.tandem.session.Session;
import dev.tandem.session.StoredMessage;
import dev.tandem.storage.jdbc.Database;
import dev.tandem.storage.jdbc.JdbcProjectStore;
import dev.tandem.storage.jdbc.JdbcRunArchive;
import dev.tandem.storage.jdbc.JdbcRunStore;
import dev.tandem.storage.jdbc.JdbcSessionStore;
import dev.tandem.storage.jdbc.StorageSettings;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Hundreds of questions wait in a few sessions while others cancel at random: whatever happens,
/// each ends once, they are asked in the order in which they came and with all that was answered
/// before, and nothing stays behind.
@Timeout(120)
final class QueueStressTest {
    private static final long SEED = 20_261_124;
    private static final int SESSIONS = 6;
    private static final int QUESTIONS = 60;
    private static final Caller ANNA = new Caller("anna", "phone");

    @TempDir Path folder;

    private final InstantSource clock = InstantSource.system();
    private final Ids ids = new Ids(clock, new SecureRandom());
    private final Runs runs =
            new Runs(
                    new RunSettings(
                            1_000,
                            1 << 20,
                            Duration.ofSeconds(10),
                            Duration.ofSeconds(15),
                            Duration.ofMinutes(1),
                            Duration.ofHours(1),
                            QUESTIONS));

    /// What the model was asked, all sessions mixed.
    private final ConcurrentLinkedQueue<ModelRequest> asked = new ConcurrentLinkedQueue<>();

    private final class Listening implements ScriptedObserver {
        @Override
        public void asked(ModelRequest request) {
            asked.add(request);
        }

        @Override
        public void closed() {}
    }

    @Test
    void everyQuestionEndsOnceInItsTurn() throws Exception {
        try (Database database = Database.open(StorageSettings.DEFAULTS.in(folder));
                Archiver archiver = new Archiver(new JdbcRunArchive(database))) {
            JdbcSessionStore sessions = new JdbcSessionStore(database);
            JdbcRunStore store = new JdbcRunStore(database);
            Planner planner = planner(database, sessions);
            Engine engine =
                    new Engine(
                            runs,
                            store,
                            new RunBooks(store, archiver, sessions, ids, clock),
                            planner,
                            ServerTools.none(),
                            new SilentObserver(),
                            ids,
                            clock,
                            1);
            List<Session> all = new ArrayList<>();
            for (int number = 0; number < SESSIONS; number++) {
                Session session = session();
                sessions.create(session);
                all.add(session);
            }

            List<List<Run>> begun = askAll(engine, planner, all);

            for (int number = 0; number < SESSIONS; number++) {
                check(number, all.get(number), begun.get(number), sessions, store);
            }
            assertEquals(0, runs.size());
            assertEquals(0, runs.activeSessions());
            assertEquals(List.of(), store.unfinished());
            awaitNoThreads(begun.stream().flatMap(List::stream).toList());
        } finally {
            runs.close();
        }
    }

    private Planner planner(Database database, JdbcSessionStore sessions) {
        ScriptedProvider scripted =
                new ScriptedProvider(Map.of(), Duration.ZERO, Pause.REAL, new Listening());
        return new Planner(
                Catalog.of(Set.of("scripted")),
                Map.of("scripted", scripted),
                sessions,
                new JdbcProjectStore(database),
                ids,
                clock);
    }

    private Session session() {
        return Session.fresh(
                ids.session(),
                "anna",
                Optional.empty(),
                Optional.empty(),
                Optional.of("scripted/demo"),
                Optional.empty(),
                clock.instant());
    }

    /// One thread for each session asks, and another cancels; returns when every run has ended.
    private List<List<Run>> askAll(Engine engine, Planner planner, List<Session> sessions)
            throws Exception {
        List<Future<List<Run>>> asking = new ArrayList<>();
        List<List<Run>> begun = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int number = 0; number < SESSIONS; number++) {
                Random random = new Random(SEED + number);
                int prefix = number;
                Session session = sessions.get(number);
                asking.add(
                        threads.submit(
                                () -> askOne(engine, planner, session, prefix, random, threads)));
            }
            for (Future<List<Run>> one : asking) {
                begun.add(one.get());
            }
        }
        for (Run run : begun.stream().flatMap(List::stream).toList()) {
            assertTrue(run.awaitEnd(Duration.ofSeconds(60)), "a run does not end");
        }
        return begun;
    }

    private List<Run> askOne(
            Engine engine,
            Planner planner,
            Session session,
            int prefix,
            Random random,
            ExecutorService threads)
            throws Exception {
        List<Run> begun = new ArrayList<>();
        for (int number = 0; number < QUESTIONS; number++) {
            Plan plan = planner.plan(question(session, prefix + "-" + number));
            begun.add(engine.start(plan, new RunTerms(false, true, Optional.empty())));
            if (random.nextInt(3) == 0) {
                String victim = begun.get(random.nextInt(begun.size())).info().id();
                Future<?> _ = threads.submit(() -> runs.cancel("anna", victim));
            }
            if (random.nextInt(10) == 0) {
                Thread.sleep(random.nextInt(20));
            }
        }
        return begun;
    }

    private static Question question(Session session, String name) {
        return new Question(
                ANNA,
                Optional.empty(),
                List.of(
                        Message.text(
                                Role.USER, "/script\npace 1ms\nsay a" + name + " and some words")),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Options.NONE,
                Optional.of(session.id()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private void check(
            int prefix,
            Session session,
            List<Run> begun,
            JdbcSessionStore sessions,
            JdbcRunStore store)
            throws Exception {
        Set<String> completed = new HashSet<>();
        for (int number = 0; number < QUESTIONS; number++) {
            Run run = begun.get(number);
            List<RunEvent> events = run.log().readAfter(0).ready();
            assertEquals(1, events.stream().filter(RunEvent.End.class::isInstance).count(), "ends");
            assertInstanceOf(RunEvent.End.class, events.getLast());
            assertTrue(
                    Set.of(RunState.COMPLETED, RunState.CANCELLED).contains(run.state()),
                    () -> events.getLast().toString());
            RunRecord kept = store.find("anna", run.info().id()).orElseThrow();
            assertEquals(run.state(), kept.state());
            if (run.state() == RunState.COMPLETED) {
                completed.add(answer(prefix, number));
            }
        }
        assertTrue(completed.size() > QUESTIONS / 10, "too few were let live: " + completed.size());
        assertTrue(completed.size() < QUESTIONS, "nothing was cancelled");
        checkOrder(prefix, completed);
        assertEquals(Optional.empty(), runs.find("anna", session.id()));
        Session after = sessions.find("anna", session.id()).orElseThrow();
        assertEquals(false, after.active());
        List<StoredMessage> history = sessions.history("anna", session.id());
        assertEquals(history.size(), after.messageCount());
    }

    /// The model was asked in order, each time with every whole answer before.
    private void checkOrder(int prefix, Set<String> completed) {
        int last = -1;
        for (ModelRequest request : asked) {
            List<String> texts = request.messages().stream().map(Message::text).toList();
            int number = number(prefix, texts.getLast());
            if (number < 0) {
                continue;
            }
            assertTrue(number > last, number + " was asked after " + last);
            last = number;
            for (int before = 0; before < number; before++) {
                String answer = answer(prefix, before);
                assertEquals(
                        completed.contains(answer),
                        texts.contains(answer),
                        "the answer " + answer + " in the history of " + number);
            }
        }
        assertTrue(last >= 0, "nothing was asked");
    }

    private static String answer(int prefix, int number) {
        return "a" + prefix + "-" + number + " and some words";
    }

    /// Which question of a session this is; -1 where it is another's.
    private static int number(int prefix, String question) {
        String begin = "/script\npace 1ms\nsay a" + prefix + "-";
        return question.startsWith(begin)
                ? Integer.parseInt(
                        question.substring(begin.length(), question.indexOf(' ', begin.length())))
                : -1;
    }

    /// A run's thread has its run's name.
    private void awaitNoThreads(List<Run> all) throws Exception {
        HotSpotDiagnosticMXBean machine =
                ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        for (int attempt = 0; ; attempt++) {
            Path dump = folder.resolve("threads-" + attempt);
            machine.dumpThreads(
                    dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
            String threads = Files.readString(dump);
            assertTrue(threads.contains("run-archiver"), "virtual threads are not in the dump");
            if (all.stream().noneMatch(run -> threads.contains(run.info().id()))) {
                return;
            }
            assertTrue(System.nanoTime() < deadline, "threads of runs that have ended go on");
        }
    }
}
