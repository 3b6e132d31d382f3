package dev.tandem.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.approval.Approval;
import dev.tandem.auth.Caller;
import dev.tandem.catalog.Catalog;
import dev.tandem.conversation.Content;
import dev.tandem.conversation.FinishReason;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import dev.tandem.conversation.ToolChoice;
import dev.tandem.conversation.ToolSpec;
import dev.tandem.id.Ids;
import dev.tandem.provider.ModelRequest;
import dev.tandem.provider.ModelRequest.Options;
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
import dev.tandem.storage.jdbc.Database;
import dev.tandem.storage.jdbc.JdbcProjectStore;
import dev.tandem.storage.jdbc.JdbcRunArchive;
import dev.tandem.storage.jdbc.JdbcRunStore;
import dev.tandem.storage.jdbc.JdbcSessionStore;
import dev.tandem.storage.jdbc.StorageSettings;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolProgress;
import dev.tandem.tool.ToolSelection;
import dev.tandem.toolbox.CallWatcher;
import dev.tandem.toolbox.Offer;
import dev.tandem.toolbox.ToolRequest;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A model that calls this server's tools, by a scripted model and tools that do what a test says.
@Timeout(20)
final class AnswerLoopTest {
    private static final Caller ANNA = new Caller("anna", "phone");
    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir Path folder;

    private final InstantSource clock = InstantSource.system();
    private final Ids ids = new Ids(clock, new SecureRandom());
    private final Runs runs = new Runs(RunSettings.DEFAULTS);
    private final BlockingQueue<ModelRequest> asked = new LinkedBlockingQueue<>();
    private final FakeToolbox toolbox = new FakeToolbox();
    private LoopSettings settings = LoopSettings.DEFAULTS;
    private Database database;
    private JdbcSessionStore sessions;
    private Archiver archiver;
    private Planner planner;

    @BeforeEach
    void open() {
        database = Database.open(StorageSettings.DEFAULTS.in(folder));
        sessions = new JdbcSessionStore(database);
        archiver = new Archiver(new JdbcRunArchive(database));
        ScriptedObserver observer =
                new ScriptedObserver() {
                    @Override
                    public void asked(ModelRequest request) {
                        asked.add(request);
                    }
                };
        planner =
                new Planner(
                        Catalog.of(Set.of("scripted")),
                        Map.of(
                                "scripted",
                                new ScriptedProvider(
                                        Map.of(), Duration.ZERO, Pause.REAL, observer)),
                        sessions,
                        new JdbcProjectStore(database),
                        ids,
                        clock);
    }

    @AfterEach
    void close() {
        archiver.close();
        database.close();
    }

    private Engine engine() {
        JdbcRunStore store = new JdbcRunStore(database);
        return new Engine(
                runs,
                store,
                new RunBooks(store, archiver, sessions, ids, clock),
                planner,
                toolbox.tools(settings),
                new SilentObserver(),
                ids,
                clock,
                1);
    }

    @Test
    void theModelIsAskedAgainWithWhatItsCallsHaveAnswered() throws Exception {
        toolbox.with("read", (request, _) -> ToolOutput.text("got " + request.argumentsJson()));
        Session session = session();

        List<RunEvent> events =
                RunTold.events(
                        ask(
                                session,
                                """
                                say Let me look.
                                call fake__read {"path":"a"}
                                usage in=10 out=4
                                then
                                say It is there.
                                usage in=20 out=3
                                """));

        assertEquals("Let me look.\n\nIt is there.", RunTold.text(events));
        assertEquals(
                List.of("ServerCall", "ServerArguments", "ToolUse", "ToolResult", "TurnStarted"),
                events.stream()
                        .filter(event -> !(event instanceof RunEvent.Text))
                        .map(event -> event.getClass().getSimpleName())
                        .filter(name -> !Set.of("Started", "Completed").contains(name))
                        .distinct()
                        .toList());
        RunEvent.ToolResult result = only(events, RunEvent.ToolResult.class);
        assertEquals("got {\"path\":\"a\"}", result.content());
        assertEquals(Optional.of(Duration.ofMillis(7)), result.took());
        RunEvent.Completed done = assertInstanceOf(RunEvent.Completed.class, events.getLast());
        assertEquals(FinishReason.STOP, done.reason());
        assertEquals(30, done.bill().usage().inputTokens());
        assertEquals(7, done.bill().usage().outputTokens());
        assertEquals(List.of(Role.USER, Role.ASSISTANT, Role.TOOL, Role.ASSISTANT), roles(session));
        assertEquals("It is there.", history(session).getLast().text());
        ModelRequest first = asked.take();
        assertEquals(List.of("fake__read"), first.tools().stream().map(ToolSpec::name).toList());
        assertEquals(
                List.of(Role.USER, Role.ASSISTANT, Role.TOOL),
                asked.take().messages().stream().map(Message::role).toList());
    }

    @Test
    void callsOfOneTurnRunAtOnceAndAreAnsweredInTheirOrder() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        CountDownLatch second = new CountDownLatch(1);
        toolbox.with(
                        "slow",
                        (_, _) -> {
                            meet(both);
                            second.await();
                            return ToolOutput.text("slow");
                        })
                .with(
                        "quick",
                        (_, _) -> {
                            meet(both);
                            return ToolOutput.text("quick");
                        });
        Session session = session();

        Run run = ask(session, "call fake__slow {}\ncall fake__quick {}\nthen\nsay done");
        RunReader reader = run.log().readAfter(0);
        List<RunEvent> seen = new ArrayList<>();
        while (seen.stream().noneMatch(RunEvent.ToolResult.class::isInstance)) {
            seen.addAll(reader.next(LONG));
        }
        second.countDown();
        RunTold.events(run);

        assertEquals("quick", only(seen, RunEvent.ToolResult.class).content());
        List<Message> history = history(session);
        assertEquals(
                List.of("slow", "quick"),
                history.subList(2, 4).stream().map(AnswerLoopTest::answer).toList());
    }

    @Test
    void aCallRunsWhileTheModelStillSpeaks() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        toolbox.with(
                "read",
                (_, _) -> {
                    ran.countDown();
                    return ToolOutput.text("x");
                });

        Run run = ask(session(), "call fake__read {}\nsay one\nhang");

        assertTrue(ran.await(10, TimeUnit.SECONDS));
        assertFalse(run.state().ended());
        run.stop(Run.Stop.CANCELLED);
        assertInstanceOf(RunEvent.Cancelled.class, RunTold.events(run).getLast());
    }

    @Test
    void aTurnWithTheClientsCallsEndsForThemAndKeepsTheServersResults() throws Exception {
        toolbox.with("read", (_, _) -> ToolOutput.text("mine"));
        Session session = session();
        Question question =
                question(
                        session,
                        "call fake__read {}\ncall ask {\"q\":1}\ncall fake__read {\"n\":2}\ncall ask {}",
                        List.of(tool("ask")));

        List<RunEvent> events = RunTold.events(start(question));

        RunEvent.Completed done = assertInstanceOf(RunEvent.Completed.class, events.getLast());
        assertEquals(FinishReason.TOOL_CALLS, done.reason());
        assertEquals(
                List.of(0, 1),
                events.stream()
                        .filter(RunEvent.ToolCall.class::isInstance)
                        .map(event -> ((RunEvent.ToolCall) event).index())
                        .toList());
        assertEquals(2, count(events, RunEvent.ToolResult.class));
        assertEquals(List.of(Role.USER, Role.ASSISTANT, Role.TOOL, Role.TOOL), roles(session));
        List<Content.ToolUse> calls = history(session).get(1).toolUses();
        assertEquals(4, calls.size());

        RunTold.events(
                start(
                        new Question(
                                ANNA,
                                Optional.empty(),
                                List.of(
                                        result(calls.get(1).id(), "theirs"),
                                        result(calls.get(3).id(), "theirs too")),
                                List.of(tool("ask")),
                                Optional.empty(),
                                Optional.empty(),
                                Options.NONE,
                                Optional.of(session.id()),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())));

        asked.take();
        ModelRequest next = asked.take();
        assertEquals(
                List.of("mine", "mine", "theirs", "theirs too"),
                next.messages().stream()
                        .filter(message -> message.role() == Role.TOOL)
                        .map(AnswerLoopTest::answer)
                        .toList());
    }

    @Test
    void theLastTurnHasToDoWithoutTools() throws Exception {
        settings = new LoopSettings(3, 8, Duration.ofMinutes(1));
        toolbox.with("read", (_, _) -> ToolOutput.text("more"));

        List<RunEvent> events =
                RunTold.events(
                        ask(
                                session(),
                                "call fake__read {}\nsay enough\nthen\ncall fake__read {}\nsay enough\nrepeat"));

        assertEquals(2, toolbox.called.size());
        assertInstanceOf(RunEvent.Completed.class, events.getLast());
        asked.take();
        assertEquals(Optional.of(new ToolChoice.Auto()), asked.take().toolChoice());
        assertEquals(Optional.of(new ToolChoice.None()), asked.take().toolChoice());
        assertEquals(0, asked.size());
    }

    @Test
    void aModelThatCallsOnEvenSoIsCutOff() throws Exception {
        settings = new LoopSettings(2, 8, Duration.ofMinutes(1));
        toolbox.with("read", (_, _) -> ToolOutput.text("more"));

        List<RunEvent> events = RunTold.events(ask(session(), "call! fake__read {}\nrepeat"));

        RunEvent.Completed done = assertInstanceOf(RunEvent.Completed.class, events.getLast());
        assertEquals(FinishReason.LENGTH, done.reason());
        assertEquals(1, toolbox.called.size());
    }

    @Test
    void cancellingStopsTheToolsAndKeepsWhatIsDone() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        toolbox.with("quick", (_, _) -> ToolOutput.text("done"))
                .with(
                        "hang",
                        (_, _) -> {
                            hanging.countDown();
                            new CountDownLatch(1).await();
                            return ToolOutput.text("never");
                        });
        Session session = session();
        Run run = ask(session, "say a\ncall fake__quick {}\nthen\nsay b\ncall fake__hang {}");
        hanging.await();

        run.stop(Run.Stop.CANCELLED);

        assertInstanceOf(RunEvent.Cancelled.class, RunTold.events(run).getLast());
        assertEquals("hang", toolbox.stopped.take().tool().definition().name());
        assertEquals(List.of(Role.USER, Role.ASSISTANT, Role.TOOL, Role.ASSISTANT), roles(session));
        assertEquals("b", history(session).getLast().text());
    }

    @Test
    void toolsThatTakeTooLongInAllAreStoppedAndTheModelIsTold() throws Exception {
        settings = new LoopSettings(9, 8, Duration.ofMillis(50));
        toolbox.with(
                "hang",
                (_, _) -> {
                    new CountDownLatch(1).await();
                    return ToolOutput.text("never");
                });

        List<RunEvent> events =
                RunTold.events(ask(session(), "call fake__hang {}\nthen\nsay sorry"));

        RunEvent.ToolResult result = only(events, RunEvent.ToolResult.class);
        assertTrue(result.failed());
        assertTrue(result.content().contains("too long"), result.content());
        assertTrue(RunTold.text(events).endsWith("sorry"));
    }

    @Test
    void aRunWaitsWhileSomebodyHasToDecide() throws Exception {
        CountDownLatch decision = new CountDownLatch(1);
        toolbox.with("write", (request, watcher) -> decided(request, watcher, decision));
        Run run = ask(session(), "call fake__write {}\nthen\nsay ok");
        RunReader reader = run.log().readAfter(0);
        List<RunEvent> seen = new ArrayList<>();
        while (seen.stream().noneMatch(RunEvent.ApprovalAsked.class::isInstance)) {
            seen.addAll(reader.next(LONG));
        }

        assertEquals(RunState.WAITING, run.state());
        decision.countDown();
        List<RunEvent> events = RunTold.events(run);

        assertEquals(RunState.COMPLETED, run.state());
        assertEquals(1, count(events, RunEvent.ApprovalDecided.class));
    }

    private ToolOutput decided(ToolRequest request, CallWatcher watcher, CountDownLatch decision)
            throws InterruptedException {
        Approval open =
                new Approval(
                        "appr_1",
                        "anna",
                        "phone",
                        Optional.empty(),
                        request.scope().sessionId(),
                        request.scope().runId(),
                        Optional.of(request.callId()),
                        "fake",
                        "write",
                        "{}",
                        new Approval.Request.Call("it may destroy something"),
                        Instant.EPOCH,
                        Instant.EPOCH,
                        Optional.empty());
        watcher.asked(open);
        decision.await();
        watcher.decided(open);
        return ToolOutput.text("written");
    }

    @Test
    void progressAndWarningsAreTold() throws Exception {
        toolbox.warnings.add(new Offer.Warning("gone", "it does not come up"));
        toolbox.with(
                "read",
                (_, watcher) -> {
                    for (int done = 1; done <= 100; done++) {
                        watcher.progress(
                                new ToolProgress(done, OptionalDouble.of(100), Optional.empty()));
                    }
                    return ToolOutput.text("x");
                });

        List<RunEvent> events = RunTold.events(ask(session(), "call fake__read {}\nthen\nsay ok"));

        assertEquals(
                new RunEvent.Warned("gone", "it does not come up"),
                only(events, RunEvent.Warned.class));
        List<RunEvent.CallProgress> news =
                events.stream()
                        .filter(RunEvent.CallProgress.class::isInstance)
                        .map(RunEvent.CallProgress.class::cast)
                        .toList();
        assertEquals(1, news.getFirst().progress().done());
        assertEquals(100, news.getLast().progress().done());
        assertTrue(news.size() < 100, "news are thinned out, were " + news.size());
    }

    @Test
    void aToolThatBreaksIsAnAnswerAndNoEnd() throws Exception {
        toolbox.with(
                "read",
                (_, _) -> {
                    throw new IllegalStateException("bug");
                });

        List<RunEvent> events = RunTold.events(ask(session(), "call fake__read {}\nthen\nsay ok"));

        assertTrue(only(events, RunEvent.ToolResult.class).failed());
        assertInstanceOf(RunEvent.Completed.class, events.getLast());
    }

    @Test
    void withoutASessionToolsAreOfferedOnlyWhereTheyAreAskedFor() throws Exception {
        toolbox.with("read", (_, _) -> ToolOutput.text("x"));

        RunTold.events(start(question(Optional.empty(), "say hi", List.of(), Optional.empty())));
        RunTold.events(
                start(
                        question(
                                Optional.empty(),
                                "say hi",
                                List.of(),
                                Optional.of(ToolSelection.INHERIT))));

        assertEquals(0, asked.take().tools().size());
        assertEquals(1, asked.take().tools().size());
    }

    @Test
    void aToolOfTheClientsKeepsItsName() throws Exception {
        toolbox.with("read", (_, _) -> ToolOutput.text("x"));

        List<RunEvent> events =
                RunTold.events(
                        start(
                                question(
                                        session(),
                                        "call fake__read {}",
                                        List.of(tool("fake__read")))));

        assertEquals(1, count(events, RunEvent.ToolCall.class));
        assertEquals(1, count(events, RunEvent.Warned.class));
        assertEquals(0, toolbox.called.size());
    }

    private static void meet(CyclicBarrier both) throws InterruptedException {
        try {
            both.await();
        } catch (BrokenBarrierException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static ToolSpec tool(String name) {
        return new ToolSpec(name, Optional.empty(), "{\"type\":\"object\"}", Optional.empty());
    }

    private static Message result(String call, String text) {
        return new Message(
                Role.TOOL,
                List.of(new Content.ToolResult(call, List.of(new Content.Text(text)), false)));
    }

    private static String answer(Message message) {
        Content.ToolResult result = (Content.ToolResult) message.content().getFirst();
        return ((Content.Text) result.content().getFirst()).text();
    }

    private List<Message> history(Session session) {
        return sessions.history("anna", session.id()).stream().map(s -> s.message()).toList();
    }

    private List<Role> roles(Session session) {
        return history(session).stream().map(Message::role).toList();
    }

    private Session session() {
        Session session =
                Session.fresh(
                        ids.session(),
                        "anna",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("scripted/demo"),
                        Optional.empty(),
                        clock.instant());
        sessions.create(session);
        return session;
    }

    private Run ask(Session session, String script) {
        return start(question(session, script, List.of()));
    }

    private Run start(Question question) {
        return engine().start(planner.plan(question), RunTerms.NONE);
    }

    private static Question question(Session session, String script, List<ToolSpec> tools) {
        return question(Optional.of(session.id()), script, tools, Optional.empty());
    }

    private static Question question(
            Optional<String> session,
            String script,
            List<ToolSpec> tools,
            Optional<ToolSelection> mcp) {
        return new Question(
                ANNA,
                Optional.of("scripted/demo"),
                List.of(Message.text(Role.USER, "/script\n" + script)),
                tools,
                Optional.empty(),
                Optional.empty(),
                Options.NONE,
                session,
                Optional.empty(),
                Optional.empty(),
                mcp);
    }

    private static <T> T only(List<RunEvent> events, Class<T> kind) {
        List<T> found = events.stream().filter(kind::isInstance).map(kind::cast).toList();
        assertEquals(1, found.size(), () -> kind + " in " + events);
        return found.getFirst();
    }

    private static long count(List<RunEvent> events, Class<?> kind) {
        return events.stream().filter(kind::isInstance).count();
    }
}
