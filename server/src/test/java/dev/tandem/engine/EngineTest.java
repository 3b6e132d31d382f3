package dev.tandem.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.auth.Caller;
import dev.tandem.catalog.Catalog;
import dev.tandem.conversation.Content;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import dev.tandem.conversation.ToolSpec;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.id.Ids;
import dev.tandem.project.Project;
import dev.tandem.provider.ModelRequest.Options;
import dev.tandem.provider.ModelRequest;
import dev.tandem.provider.scripted.Pause;
import dev.tandem.provider.scripted.ScriptedObserver;
import dev.tandem.provider.scripted.ScriptedProvider;
import dev.tandem.run.Archiver;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunReader;
import dev.tandem.run.RunSettings;
import dev.tandem.run.RunState;
import dev.tandem.run.RunTerms;
import dev.tandem.run.Runs;
import dev.tandem.session.Session;
import dev.tandem.session.SessionChange;
import dev.tandem.storage.jdbc.Database;
import dev.tandem.storage.jdbc.JdbcProjectStore;
import dev.tandem.storage.jdbc.JdbcRunArchive;
import dev.tandem.storage.jdbc.JdbcRunStore;
import dev.tandem.storage.jdbc.JdbcSessionStore;
import dev.tandem.storage.jdbc.StorageSettings;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
final class EngineTest {
    private static final Caller ANNA = new Caller("anna", "phone");
    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir Path folder;

    private final InstantSource clock = InstantSource.system();
    private final Ids ids = new Ids(clock, new SecureRandom());
    private final Runs runs = new Runs(RunSettings.DEFAULTS);
    private final Upstream upstream = new Upstream();
    private final AtomicInteger failingEnds = new AtomicInteger();
    private final Catalog catalog = Catalog.of(Set.of("scripted"));
    private Database database;
    private JdbcSessionStore sessions;
    private JdbcProjectStore projects;
    private JdbcRunStore store;
    private Planner planner;
    private JdbcRunArchive archive;
    private Archiver archiver;
    private Engine engine;

    /// What the provider's end of a call sees.
    private static final class Upstream implements ScriptedObserver {
        final BlockingQueue<ModelRequest> asked = new LinkedBlockingQueue<>();
        final BlockingQueue<Boolean> closed = new LinkedBlockingQueue<>();

        @Override
        public void asked(ModelRequest request) {
            asked.add(request);
        }

        @Override
        public void closed() {
            closed.add(true);
        }

        ModelRequest request() throws InterruptedException {
            ModelRequest request = asked.poll(10, TimeUnit.SECONDS);
            assertTrue(request != null, "the provider was not asked");
            return request;
        }

        void awaitClosed() throws InterruptedException {
            assertTrue(closed.poll(10, TimeUnit.SECONDS) != null, "the call was not closed");
        }
    }

    @BeforeEach
    void open() {
        database = Database.open(StorageSettings.DEFAULTS.in(folder));
        sessions = new JdbcSessionStore(database);
        projects = new JdbcProjectStore(database);
        store = new JdbcRunStore(database);
        ScriptedProvider scripted =
                new ScriptedProvider(Map.of(), Duration.ZERO, Pause.REAL, upstream);
        planner =
                new Planner(catalog, Map.of("scripted", scripted), sessions, projects, ids, clock);
        archive = new JdbcRunArchive(database);
        archiver = new Archiver(archive);
        engine =
                new Engine(
                        runs,
                        store,
                        new RunBooks(
                                new FailingEnds(store, failingEnds),
                                archiver,
                                sessions,
                                ids,
                                clock),
                        planner,
                        ServerTools.none(),
                        new SilentObserver(),
                        ids,
                        clock,
                        1);
    }

    @AfterEach
    void close() {
        archiver.close();
        database.close();
    }

    @Test
    void answersAndKeepsQuestionAndAnswerInTheSession() throws Exception {
        Session session = session(Optional.empty());

        List<RunEvent> events = RunTold.events(ask(session, "say Hello there\nusage in=7 out=2"));

        assertInstanceOf(RunEvent.Started.class, events.getFirst());
        assertEquals("Hello there", RunTold.text(events));
        RunEvent.Completed done = assertInstanceOf(RunEvent.Completed.class, events.getLast());
        assertEquals(
                List.of(Role.USER, Role.ASSISTANT),
                sessions.history("anna", session.id()).stream()
                        .map(stored -> stored.message().role())
                        .toList());
        assertEquals(
                done.messageId(),
                Optional.of(sessions.history("anna", session.id()).getLast().id()));
        Session after = sessions.find("anna", session.id()).orElseThrow();
        assertEquals(9, after.totalTokens());
        assertEquals(2, after.messageCount());
        assertEquals(1, after.unpricedRuns());
        assertFalse(after.active());
        assertTrue(after.title().isPresent());
    }

    @Test
    void theNextQuestionIsAskedWithTheHistory() throws Exception {
        Session session = session(Optional.of("be brief"));
        RunTold.events(ask(session, "say one"));
        upstream.request();

        RunTold.events(ask(session, "say two"));

        ModelRequest second = upstream.request();
        assertEquals(Optional.of("be brief"), second.system());
        assertEquals(
                List.of(Role.USER, Role.ASSISTANT, Role.USER),
                second.messages().stream().map(Message::role).toList());
        assertTrue(second.kept());
    }

    @Test
    void aRequestsOwnPromptReplacesTheSessionsForThisRun() throws Exception {
        Session session = session(Optional.of("be brief"));
        Question question = question(Optional.of(session.id()), Optional.empty(), script("say x"));

        Plan plan =
                planner.plan(
                        new Question(
                                question.caller(),
                                question.model(),
                                List.of(
                                        Message.text(Role.SYSTEM, "in French"),
                                        question.messages().getFirst()),
                                question.tools(),
                                question.toolChoice(),
                                question.maxTokens(),
                                question.options(),
                                question.sessionId(),
                                question.projectId(),
                                Optional.of("be long"),
                                Optional.empty()));
        RunTold.events(start(plan));

        assertEquals(Optional.of("be long\n\nin French"), upstream.request().system());
        assertEquals(
                Optional.of("be brief"),
                sessions.find("anna", session.id()).orElseThrow().systemPrompt());
        assertEquals(2, sessions.history("anna", session.id()).size());
    }

    @Test
    void aRunThatFailsBeforeAnyOutputLeavesNoTrace() throws Exception {
        Session session = session(Optional.empty());

        List<RunEvent> events = RunTold.events(ask(session, "fail overloaded retry-after 3s"));

        RunEvent.Failed failed = assertInstanceOf(RunEvent.Failed.class, events.getLast());
        assertEquals(FailureCode.OVERLOADED, failed.failure().code());
        assertEquals(Optional.of(Duration.ofSeconds(3)), failed.failure().retryAfter());
        assertEquals(List.of(), sessions.history("anna", session.id()));
        assertEquals(0, sessions.find("anna", session.id()).orElseThrow().messageCount());
    }

    @Test
    void aRunThatFailsInTextKeepsTheText() throws Exception {
        Session session = session(Optional.empty());

        List<RunEvent> events = RunTold.events(ask(session, "say a b c d\nfail upstream_error"));

        assertInstanceOf(RunEvent.Failed.class, events.getLast());
        assertEquals("a b c d", sessions.history("anna", session.id()).getLast().message().text());
    }

    @Test
    void aCancelledRunKeepsItsTextAndClosesTheCall() throws Exception {
        Session session = session(Optional.empty());
        Run run = ask(session, "say half an answer\ncall! f {}\nhang");
        RunReader reader = run.log().readAfter(0);
        awaitText(reader, "half an answer");

        runs.cancel("anna", run.info().id());

        upstream.awaitClosed();
        assertEquals(RunState.CANCELLED, run.state());
        Message kept = sessions.history("anna", session.id()).getLast().message();
        assertEquals("half an answer", kept.text());
        assertEquals(List.of(), kept.toolUses());
        assertTrue(run.log().end().orElseThrow().bill().usage().outputTokens() >= 4);
        assertEquals(0, runs.size());
    }

    @Test
    void aRunCanBeCancelledBeforeAnythingWasSaid() throws Exception {
        Session session = session(Optional.empty());
        Run run = ask(session, "hang before-headers");
        upstream.request();

        runs.cancel("anna", session.id());

        upstream.awaitClosed();
        assertEquals(RunState.CANCELLED, run.state());
        assertEquals(1, sessions.history("anna", session.id()).size());
    }

    @Test
    void cancellingTwiceAndAfterTheEndChangesNothing() throws Exception {
        Run run = ask(session(Optional.empty()), "say done");
        RunTold.events(run);

        run.stop(Run.Stop.CANCELLED);

        assertEquals(RunState.COMPLETED, run.state());
        assertEquals(Optional.empty(), runs.cancel("anna", run.info().id()));
    }

    @Test
    void nobodyCancelsAnotherTenantsRun() throws Exception {
        Run run = ask(session(Optional.empty()), "hang");
        upstream.request();

        assertEquals(Optional.empty(), runs.cancel("bert", run.info().id()));
        assertEquals(RunState.RUNNING, run.state());

        runs.cancel("anna", run.info().id());
    }

    @Test
    void anEndThatCouldNotBeStoredIsTriedAgain() throws Exception {
        Session session = session(Optional.empty());
        failingEnds.set(3);

        List<RunEvent> events = RunTold.events(ask(session, "say Hello"));

        assertInstanceOf(RunEvent.Completed.class, events.getLast());
        assertEquals(0, failingEnds.get());
        assertEquals(2, sessions.history("anna", session.id()).size());
        assertEquals("next", RunTold.text(RunTold.events(ask(session, "say next"))));
    }

    @Test
    void aPlanThatIsOutOfDateIsMadeAgain() throws Exception {
        Session session = session(Optional.empty());
        Plan early =
                planner.plan(
                        question(Optional.of(session.id()), Optional.empty(), script("say later")));
        RunTold.events(ask(session, "say first"));
        upstream.request();

        RunTold.events(start(early));

        assertEquals(
                List.of("/script\nsay first", "first", "/script\nsay later"),
                upstream.request().messages().stream().map(Message::text).toList());
    }

    @Test
    void aQuestionThatWaitsIsAnsweredByTheModelThatItWasPutTo() throws Exception {
        Session session = session(Optional.empty());
        Run first = ask(session, "hang");
        upstream.request();
        ToolSpec tool = new ToolSpec("look", Optional.empty(), "{}", Optional.empty());
        Question unnamed = withTool(session, tool, List.of(script("say second")));
        Run second = start(planner.plan(unnamed), new RunTerms(false, true, Optional.empty()));
        sessions.update(
                "anna",
                session.id(),
                new SessionChange(
                        Optional.empty(), Optional.of("scripted/other"), Optional.empty()),
                clock.instant());

        runs.cancel("anna", first.info().id());
        RunTold.events(second);

        assertEquals("demo", upstream.request().model());
    }

    @Test
    void aSessionAnswersOneQuestionAtATimeAndNamesTheRun() throws Exception {
        Session session = session(Optional.empty());
        Run first = ask(session, "hang");

        Failure refused = assertThrows(Failure.class, () -> ask(session, "say too soon"));

        assertEquals(FailureCode.RUN_IN_PROGRESS, refused.code());
        assertEquals(Optional.of(first.info().id()), refused.runId());
        runs.cancel("anna", first.info().id());
        assertEquals("now", RunTold.text(RunTold.events(ask(session, "say now"))));
    }

    @Test
    void aCallWithoutASessionIsCountedButNotKept() throws Exception {
        Run run =
                start(
                        planner.plan(
                                question(
                                        Optional.empty(),
                                        Optional.empty(),
                                        script("say hi\nusage in=3 out=1"))));
        RunTold.events(run);

        assertFalse(run.info().kept());
        awaitForgotten(run);
        assertEquals(
                4, store.find("anna", run.info().id()).orElseThrow().bill().usage().totalTokens());
        assertEquals(0, sessions.totals("anna").sessions());
    }

    @Test
    void aProjectsQuestionStartsASession() throws Exception {
        Project project = project("anna");

        Run run =
                start(
                        planner.plan(
                                question(
                                        Optional.empty(),
                                        Optional.of(project.id()),
                                        script("say hi"))));
        RunTold.events(run);

        Session started = sessions.find("anna", run.info().sessionId().orElseThrow()).orElseThrow();
        assertEquals(Optional.of(project.id()), started.projectId());
        assertEquals(Optional.of("scripted/demo"), started.model());
    }

    @Test
    void anotherTenantsSessionAndProjectAreNotThere() {
        Session session = session(Optional.empty());
        Project project = project("anna");
        Caller bert = new Caller("bert", "pc");
        Message hi = Message.text(Role.USER, "hi");

        Failure noSession =
                assertThrows(
                        Failure.class,
                        () ->
                                planner.plan(
                                        asked(
                                                bert,
                                                Optional.of(session.id()),
                                                Optional.empty(),
                                                hi)));
        Failure noProject =
                assertThrows(
                        Failure.class,
                        () ->
                                planner.plan(
                                        asked(
                                                bert,
                                                Optional.empty(),
                                                Optional.of(project.id()),
                                                hi)));

        assertEquals(Optional.of("session_id"), noSession.param());
        assertEquals(FailureCode.NOT_FOUND, noSession.code());
        assertEquals(Optional.of("project_id"), noProject.param());
        assertEquals(FailureCode.NOT_FOUND, noProject.code());
    }

    @Test
    void theClientsToolsAreCalledAndAnsweredInTheNextQuestion() throws Exception {
        Session session = session(Optional.empty());
        ToolSpec tool = new ToolSpec("look", Optional.empty(), "{}", Optional.empty());
        Message asks =
                Message.text(
                        Role.USER,
                        "/script\ncall look {\"at\":1}\ncall look {\"at\":2}\nthen\nsay seen");
        List<RunEvent> first =
                RunTold.events(start(planner.plan(withTool(session, tool, List.of(asks)))));
        List<String> calls =
                first.stream()
                        .filter(RunEvent.ToolCall.class::isInstance)
                        .map(event -> ((RunEvent.ToolCall) event).id())
                        .toList();
        upstream.request();

        List<Message> answers =
                List.of(
                        new Message(
                                Role.TOOL,
                                List.of(
                                        new Content.ToolResult(
                                                calls.get(0),
                                                List.of(new Content.Text("a")),
                                                false))));
        List<RunEvent> second =
                RunTold.events(start(planner.plan(withTool(session, tool, answers))));

        assertEquals(2, calls.size());
        assertEquals("seen", RunTold.text(second));
        List<Message> sent = upstream.request().messages();
        assertEquals(4, sent.size());
        Content.ToolResult unanswered =
                assertInstanceOf(Content.ToolResult.class, sent.getLast().content().getFirst());
        assertEquals(calls.get(1), unanswered.toolUseId());
        assertTrue(unanswered.failed());
    }

    @Test
    void runsThatAKilledServerLeftAreSettled() throws Exception {
        Session session = session(Optional.empty());
        Run run = ask(session, "hang");
        upstream.request();

        assertEquals(1, new Recovery(store, archive, ids).settle(2, clock.instant()));

        assertEquals(
                RunState.INTERRUPTED, store.find("anna", run.info().id()).orElseThrow().state());
        runs.cancel("anna", run.info().id());
        assertEquals(
                RunState.INTERRUPTED, store.find("anna", run.info().id()).orElseThrow().state());
    }

    @Test
    void goingDownInterruptsWhatDoesNotEndInTime() throws Exception {
        Session session = session(Optional.empty());
        Run run = ask(session, "say so far\nhang");
        awaitText(run.log().readAfter(0), "so far");

        runs.drain(Duration.ZERO);

        assertEquals(RunState.INTERRUPTED, run.state());
        assertEquals("so far", sessions.history("anna", session.id()).getLast().message().text());
    }

    @Test
    void aQuestionWithoutAModelNeedsASessionThatHasOne() {
        Failure refused =
                assertThrows(
                        Failure.class,
                        () ->
                                planner.plan(
                                        new Question(
                                                ANNA,
                                                Optional.empty(),
                                                List.of(Message.text(Role.USER, "hi")),
                                                List.of(),
                                                Optional.empty(),
                                                Optional.empty(),
                                                Options.NONE,
                                                Optional.empty(),
                                                Optional.empty(),
                                                Optional.empty(),
                                                Optional.empty())));

        assertEquals(Optional.of("model"), refused.param());
        assertEquals(FailureCode.INVALID_REQUEST, refused.code());
    }

    private Session session(Optional<String> prompt) {
        Session session =
                Session.fresh(
                        ids.session(),
                        "anna",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("scripted/demo"),
                        prompt,
                        clock.instant());
        sessions.create(session);
        return session;
    }

    private Project project(String tenant) {
        Project project =
                new Project(
                        ids.project(),
                        tenant,
                        "p",
                        Optional.empty(),
                        "p",
                        false,
                        clock.instant(),
                        clock.instant());
        projects.create(project);
        return project;
    }

    private Run ask(Session session, String script) {
        return start(
                planner.plan(
                        question(Optional.of(session.id()), Optional.empty(), script(script))));
    }

    private static Message script(String lines) {
        return Message.text(Role.USER, "/script\n" + lines);
    }

    private static Question question(
            Optional<String> session, Optional<String> project, Message message) {
        return asked(ANNA, session, project, message);
    }

    private static Question asked(
            Caller caller, Optional<String> session, Optional<String> project, Message message) {
        return new Question(
                caller,
                Optional.of("scripted/demo"),
                List.of(message),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Options.NONE,
                session,
                project,
                Optional.empty(),
                Optional.empty());
    }

    private static Question withTool(Session session, ToolSpec tool, List<Message> messages) {
        return new Question(
                ANNA,
                Optional.empty(),
                messages,
                List.of(tool),
                Optional.empty(),
                Optional.empty(),
                Options.NONE,
                Optional.of(session.id()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static void awaitText(RunReader reader, String expected) throws InterruptedException {
        List<RunEvent> events = new ArrayList<>();
        while (!RunTold.text(events).equals(expected)) {
            List<RunEvent> news = reader.next(LONG);
            assertFalse(news.isEmpty(), "the run says nothing more");
            events.addAll(news);
        }
    }

    private void awaitForgotten(Run run) throws InterruptedException {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (runs.find("anna", run.info().id()).isPresent()) {
            assertTrue(System.nanoTime() < deadline, "the run is still known");
            Thread.onSpinWait();
        }
    }

    private Run start(Plan plan) {
        return start(plan, RunTerms.NONE);
    }

    private Run start(Plan plan, RunTerms terms) {
        return engine.start(plan, terms);
    }
}
