package dev.tandem.mcp;

import static dev.tandem.mcp.Running.begun;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.conversation.Content;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.mcp.stdio.StdioCommand;
import dev.tandem.mcp.stdio.StdioTransport;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolProgress;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolReply;
import dev.tandem.tool.ToolWatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Connections to real MCP servers that are programs on this machine.
final class StdioServersTest {
    private static final String SLOW = "trigger-long-running-operation";
    private static final String SLOW_ARGUMENTS = "{\"duration\":600,\"steps\":6000}";
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir private Path folder;

    @BeforeAll
    static void install() throws Exception {
        NpmServers.install();
    }

    @Test
    void readsAndWritesTheFilesOfItsFolder() throws Exception {
        Path real = folder.toRealPath();
        Path file = real.resolve("note.txt");
        try (McpConnection files = connect("filesystem", Map.of(), real.toString())) {
            String write = "{\"path\":\"%s\",\"content\":\"ein Gruß\"}".formatted(file);
            String read = "{\"path\":\"%s\"}".formatted(file);

            ToolOutput written = files.call("write_file", write, ToolWatcher.NONE);
            ToolOutput seen = files.call("read_text_file", read, ToolWatcher.NONE);
            ToolOutput outside =
                    files.call("read_text_file", "{\"path\":\"/etc/passwd\"}", ToolWatcher.NONE);

            assertFalse(written.failed());
            assertEquals("ein Gruß", Files.readString(file));
            assertEquals(List.of(new Content.Text("ein Gruß")), seen.content());
            assertTrue(outside.failed());
        }
    }

    @Test
    void remembersInTheFileThatItsEnvironmentNames() throws Exception {
        Path memory = folder.resolve("memory.json");
        String entity =
                "{\"entities\":[{\"name\":\"Ada\",\"entityType\":\"person\",\"observations\":[]}]}";
        try (McpConnection first =
                connect("memory", Map.of("MEMORY_FILE_PATH", memory.toString()))) {
            assertFalse(first.call("create_entities", entity, ToolWatcher.NONE).failed());
        }

        try (McpConnection second =
                connect("memory", Map.of("MEMORY_FILE_PATH", memory.toString()))) {
            ToolOutput graph = second.call("read_graph", "{}", ToolWatcher.NONE);

            assertTrue(graph.structuredJson().orElseThrow().contains("Ada"), graph::toString);
        }
    }

    @Test
    void tellsItsToolsAndWhatTheyAnswer() throws Exception {
        try (McpConnection server = connect("everything", Map.of())) {
            Set<String> names =
                    server.tools().stream().map(ToolDefinition::name).collect(Collectors.toSet());
            ToolOutput echo = server.call("echo", "{\"message\":\"hi\"}", ToolWatcher.NONE);
            ToolOutput image = server.call("get-tiny-image", "", ToolWatcher.NONE);
            ToolOutput structured =
                    server.call(
                            "get-structured-content",
                            "{\"location\":\"Chicago\"}",
                            ToolWatcher.NONE);
            ToolOutput unknown = server.call("no-such-tool", "{}", ToolWatcher.NONE);
            server.ping();

            assertEquals("2025-11-25", server.protocol());
            assertTrue(names.containsAll(Set.of("echo", "get-sum", SLOW)), names::toString);
            assertEquals(List.of(new Content.Text("Echo: hi")), echo.content());
            assertTrue(image.content().stream().anyMatch(Content.Image.class::isInstance));
            assertTrue(structured.structuredJson().isPresent());
            assertTrue(unknown.failed());
            assertEquals(
                    FailureCode.INVALID_REQUEST,
                    assertThrows(Failure.class, () -> server.call("echo", "[1]", ToolWatcher.NONE))
                            .code());
        }
    }

    @Test
    void getsOnlyTheVariablesThatAreMeantForIt() throws Exception {
        try (McpConnection server = connect("everything", Map.of("FOR_THE_SERVER", "yes"))) {
            String environment =
                    server.call("get-env", "{}", ToolWatcher.NONE).content().toString();

            assertTrue(environment.contains("FOR_THE_SERVER"), environment);
            List<String> foreign =
                    System.getenv().keySet().stream()
                            .filter(name -> name.startsWith("JAVA") || name.startsWith("MAVEN"))
                            .filter(environment::contains)
                            .toList();
            assertEquals(List.of(), foreign);
        }
    }

    @Test
    void answersManyCallersAtOnceEachWithItsOwn() throws Exception {
        try (McpConnection server = connect("everything", Map.of())) {
            List<Running<ToolOutput>> answers =
                    IntStream.range(0, 500)
                            .mapToObj(
                                    i ->
                                            begun(
                                                    () ->
                                                            server.call(
                                                                    "echo",
                                                                    "{\"message\":\"%d\"}"
                                                                            .formatted(i),
                                                                    ToolWatcher.NONE)))
                            .toList();

            for (int i = 0; i < answers.size(); i++) {
                assertEquals(
                        List.of(new Content.Text("Echo: " + i)), answers.get(i).get().content());
            }
        }
    }

    @Test
    void freesACallerThatIsInterruptedAndServesTheNext() throws Exception {
        try (McpConnection server = connect("everything", Map.of())) {
            FakeWatcher watcher = new FakeWatcher();
            CountDownLatch freed = new CountDownLatch(1);
            Thread caller =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        assertThrows(
                                                InterruptedException.class,
                                                () -> server.call(SLOW, SLOW_ARGUMENTS, watcher));
                                        freed.countDown();
                                    });
            ToolProgress first = watcher.progress.take();

            caller.interrupt();

            assertTrue(freed.await(SOON.toSeconds(), TimeUnit.SECONDS));
            assertEquals(6000, first.total().orElseThrow());
            assertFalse(server.call("echo", "{\"message\":\"on\"}", ToolWatcher.NONE).failed());
        }
    }

    @Test
    void goesOnListeningWhenACallerCannotTakeProgress() throws Exception {
        try (McpConnection server = connect("everything", Map.of())) {
            assertThrows(
                    IllegalStateException.class,
                    () -> server.call(SLOW, SLOW_ARGUMENTS, new Deaf()));

            assertFalse(server.call("echo", "{\"message\":\"on\"}", ToolWatcher.NONE).failed());
        }
    }

    @Test
    void tellsThoseWhoWaitAndThoseWhoComeLaterThatTheServerWasKilled() throws Exception {
        StdioTransport transport = NpmServers.start("everything", Map.of(), folder, "stdio");
        try (McpConnection server = open(transport)) {
            FakeWatcher watcher = new FakeWatcher();
            Running<ToolOutput> call = begun(() -> server.call(SLOW, SLOW_ARGUMENTS, watcher));
            ToolProgress _ = watcher.progress.take();

            transport.process().orElseThrow().destroyForcibly();

            Failure failure = call.failure();
            assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, failure.code());
            assertTrue(failure.text().contains("ended with 137"), failure::text);
            assertEquals(
                    FailureCode.UPSTREAM_UNAVAILABLE,
                    assertThrows(Failure.class, server::ping).code());
            assertTrue(server.ended().isPresent());
        }
    }

    @Test
    void saysWhyAProgramIsNoServer() {
        Failure missing = refused("no-such-program-anywhere");
        Failure ends = refused("sh", "-c", "exit 3");
        Failure talks = refused("sh", "-c", "echo hello; exit 4");

        assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, missing.code());
        assertTrue(missing.text().contains("no-such-program-anywhere"), missing::text);
        assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, ends.code());
        assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, talks.code());
    }

    @Test
    void leavesNoProcessBehindNotEvenOneThatIgnoresItsEnd() throws Exception {
        String script =
                """
                trap '' TERM
                sleep 1000 &
                read hello
                echo '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25"}}'
                echo 'two are at work' >&2
                while true; do sleep 1000; done
                """;
        StdioTransport transport =
                new StdioTransport(new StdioCommand(List.of("sh", "-c", script), Map.of(), folder));
        McpConnection server =
                McpConnection.open(
                        transport,
                        McpHost.NONE,
                        "test",
                        McpSettings.DEFAULTS.withProtocol("2025-11-25"));
        ProcessHandle process = transport.process().orElseThrow();
        List<ProcessHandle> family = new ArrayList<>(process.descendants().toList());
        family.add(process);

        server.close();

        for (ProcessHandle one : family) {
            one.onExit().get(SOON.toSeconds(), TimeUnit.SECONDS);
        }
        assertTrue(family.size() >= 2, family::toString);
        assertEquals(List.of("two are at work"), transport.log());
        assertEquals("it was stopped", server.ended().orElseThrow());
    }

    private Failure refused(String... words) {
        StdioCommand command = new StdioCommand(List.of(words), Map.of(), folder);
        return assertThrows(Failure.class, () -> open(new StdioTransport(command)));
    }

    private McpConnection connect(String name, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        return open(NpmServers.start(name, environment, folder, arguments));
    }

    private McpConnection open(StdioTransport transport) throws InterruptedException {
        return McpConnection.open(transport, new Rooms(folder), "test", McpSettings.DEFAULTS);
    }

    /// Takes no progress.
    private record Deaf() implements ToolWatcher {
        @Override
        public void progress(ToolProgress news) {
            throw new IllegalArgumentException("not this");
        }

        @Override
        public ToolReply ask(ToolQuestion question) {
            return ToolReply.DECLINED;
        }
    }

    /// Has one folder.
    private record Rooms(Path folder) implements McpHost {
        @Override
        public List<Path> roots() {
            return List.of(folder);
        }
    }
}
