package dev.tandem.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tandem.conversation.Content;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolHints;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolProgress;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolReply;
import dev.tandem.tool.ToolServer;
import dev.tandem.tool.ToolWatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Plugins in jars, compiled here and loaded as those of an operator are.
final class JavaPluginsTest {
    private static final long SOON_SECONDS = 10;
    @TempDir private static Path made;

    private final List<PluginSource> opened = new ArrayList<>();

    @BeforeAll
    static void compile() throws IOException {
        SamplePlugin.make(made.resolve("test.jar"), "test");
    }

    @AfterEach
    void close() {
        System.setProperty(SamplePlugin.RELEASE, "true");
        opened.forEach(PluginSource::close);
        System.clearProperty(SamplePlugin.RELEASE);
        System.clearProperty(SamplePlugin.CLOSED);
    }

    @Test
    void aPluginIsAServerWhoseToolsAnswer() throws Exception {
        PluginSource source = open(4);
        Watcher watcher = new Watcher();

        ToolServer server = source.servers(Scopes.PROJECT).getFirst();
        ToolDefinition tell = source.tools(Scopes.PROJECT, "test").getFirst();
        ToolOutput answer =
                source.call(Scopes.PROJECT, server.id(), "tell", "{\"days\":3}", watcher);

        assertEquals(List.of(), source.problems());
        assertEquals(List.of(server), source.servers(Scopes.PROJECT));
        assertEquals(ToolServer.Origin.PLUGIN, server.origin());
        assertEquals(ToolServer.Transport.PLUGIN, server.transport());
        assertEquals(ToolServer.State.READY, server.state());
        assertEquals(Optional.of(true), tell.hints().readOnly());
        assertEquals(ToolHints.NONE, source.tools(Scopes.PROJECT, "test").get(1).hints());
        assertEquals(
                """
                {"name":"tell","description":"Tells its call.",\
                "inputSchema":{"properties":{"days":{"type":"integer"}}},\
                "annotations":{"readOnlyHint":true}}""",
                tell.json());
        assertEquals(
                "{\"days\":3} PluginContext[tenant=acme, sessionId=Optional[sess_1],"
                        + " projectId=Optional[proj_1], runId=Optional.empty,"
                        + " workspace=Optional[/base/acme/proj_1]] test.jar",
                text(answer));
        assertEquals("begun", watcher.next());
    }

    @Test
    void argumentsThatDoNotFitNeverReachThePlugin() throws Exception {
        Watcher watcher = new Watcher();

        ToolOutput refused =
                open(4).call(Scopes.PROJECT, "test", "tell", "{\"days\":\"x\"}", watcher);

        assertTrue(refused.failed());
        assertEquals(
                "The arguments of tell do not fit its schema:"
                        + " days: string found, integer expected.",
                text(refused));
        assertTrue(watcher.told.isEmpty());
    }

    @Test
    void aCallWithoutArgumentsHasAnEmptyObject() throws Exception {
        assertTrue(text(call(open(4), "tell", "")).startsWith("{} "));
    }

    @Test
    void whatIsNotThereIsNotFound() {
        PluginSource source = open(4);

        assertEquals(
                FailureCode.NOT_FOUND,
                assertThrows(Failure.class, () -> call(source, "none", "{}")).code());
        assertEquals(
                FailureCode.NOT_FOUND,
                assertThrows(Failure.class, () -> source.tools(Scopes.PROJECT, "none")).code());
    }

    @Test
    void aPluginThatThrowsFailsItsCallAndItsStackStaysInTheLog() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(JavaPlugin.class);
        log.start();
        logger.addAppender(log);
        try {
            ToolOutput failed = call(open(4), "fail", "{}");

            assertTrue(failed.failed());
            assertTrue(
                    text(failed)
                            .startsWith(
                                    "The tool fail failed with"
                                            + " java.lang.IllegalStateException: no luck no"),
                    text(failed));
            assertTrue(text(failed).length() < 600, text(failed));
            assertFalse(text(failed).contains("com.example"), text(failed));
            assertEquals(
                    "com.example.Test",
                    log.list
                            .getFirst()
                            .getThrowableProxy()
                            .getStackTraceElementProxyArray()[0]
                            .getStackTraceElement()
                            .getClassName());
        } finally {
            logger.detachAppender(log);
        }
    }

    @Test
    void aPluginThatAnswersNothingFailsItsCall() throws Exception {
        assertEquals(
                "The tool say_nothing has answered nothing.",
                text(call(open(4), "say_nothing", "{}")));
    }

    @Test
    void anInterruptReachesThePlugin() throws Exception {
        PluginSource source = open(4);
        Watcher watcher = new Watcher();
        CompletableFuture<Boolean> freed = new CompletableFuture<>();
        Thread caller =
                Thread.startVirtualThread(() -> interrupted(source, "wait", watcher, freed));
        assertEquals("begun", watcher.next());

        caller.interrupt();

        assertTrue(freed.get(SOON_SECONDS, TimeUnit.SECONDS));
        assertEquals("interrupted", watcher.next());
    }

    @Test
    void aPluginThatHangsHoldsNobodyButTakesRoom() throws Exception {
        PluginSource source = open(1);
        Watcher watcher = new Watcher();
        CompletableFuture<Boolean> freed = new CompletableFuture<>();
        Thread caller =
                Thread.startVirtualThread(() -> interrupted(source, "hang", watcher, freed));
        assertEquals("begun", watcher.next());

        caller.interrupt();

        assertTrue(freed.get(SOON_SECONDS, TimeUnit.SECONDS));
        Failure full = assertThrows(Failure.class, () -> call(source, "tell", "{}"));
        assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, full.code());
        assertEquals(
                "The plugin test has 1 calls in progress; try again when some have ended.",
                full.text());

        System.setProperty(SamplePlugin.RELEASE, "true");
        assertEquals("released", watcher.next());
        assertFalse(callOnceThereIsRoom(source).failed());
    }

    @Test
    void aPluginIsClosedWithItsSource() {
        PluginSource source = open(4);
        System.clearProperty(SamplePlugin.CLOSED);

        source.close();

        assertEquals("test", System.getProperty(SamplePlugin.CLOSED));
    }

    private PluginSource open(int callsMax) {
        PluginSource source = SamplePlugin.open(made, callsMax);
        opened.add(source);
        return source;
    }

    private static ToolOutput call(PluginSource source, String tool, String arguments)
            throws InterruptedException {
        return source.call(Scopes.PROJECT, "test", tool, arguments, ToolWatcher.NONE);
    }

    /// The thread of the last call may take a moment to end.
    private static ToolOutput callOnceThereIsRoom(PluginSource source) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SOON_SECONDS);
        while (true) {
            try {
                return call(source, "tell", "{}");
            } catch (Failure full) {
                assertTrue(System.nanoTime() < end, full::text);
                Thread.onSpinWait();
            }
        }
    }

    private static void interrupted(
            PluginSource source, String tool, Watcher watcher, CompletableFuture<Boolean> freed) {
        try {
            ToolOutput _ = source.call(Scopes.PROJECT, "test", tool, "{}", watcher);
            boolean _ = freed.complete(false);
        } catch (InterruptedException expected) {
            boolean _ = freed.complete(true);
        }
    }

    private static String text(ToolOutput output) {
        return ((Content.Text) output.content().getFirst()).text();
    }

    /// Keeps the messages of progress.
    private static final class Watcher implements ToolWatcher {
        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

        @Override
        public void progress(ToolProgress news) {
            told.add(news.message().orElse(""));
        }

        @Override
        public ToolReply ask(ToolQuestion question) {
            return ToolReply.DECLINED;
        }

        String next() throws InterruptedException {
            return Optional.ofNullable(told.poll(SOON_SECONDS, TimeUnit.SECONDS)).orElse("nothing");
        }
    }
}
