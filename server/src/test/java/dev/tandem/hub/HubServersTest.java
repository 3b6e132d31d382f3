package dev.tandem.hub;

import static dev.tandem.hub.HubBench.inProject;
import static dev.tandem.hub.HubBench.program;
import static dev.tandem.hub.HubBench.scope;
import static dev.tandem.hub.HubBench.soon;
import static dev.tandem.hub.HubBench.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.hub.ServerDeclaration.Program;
import dev.tandem.hub.ServerDeclaration.Remote;
import dev.tandem.mcp.McpSettings;
import dev.tandem.mcp.NpmServers;
import dev.tandem.mcp.http.HttpLimits;
import dev.tandem.mcp.http.HttpTransports;
import dev.tandem.mcp.oauth.Authorizations;
import dev.tandem.mcp.oauth.OAuthSettings;
import dev.tandem.mcp.oauth.Sealed;
import dev.tandem.mcp.oauth.TokenKey;
import dev.tandem.mcp.oauth.TokenOwner;
import dev.tandem.mcp.oauth.TokenStore;
import dev.tandem.tool.ContextItem;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolProgress;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolReply;
import dev.tandem.tool.ToolServer.State;
import dev.tandem.tool.ToolWatcher;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A hub with real MCP servers.
final class HubServersTest {
    private static final String SLOW = "trigger-long-running-operation";
    private static final String SLOW_ARGUMENTS = "{\"duration\":600,\"steps\":6000}";

    @TempDir private Path folder;
    private final HttpTransports http = new HttpTransports(HttpLimits.DEFAULTS);
    private Authorizations authorizations;
    private HubBench bench;
    private List<ProcessHandle> before;

    @BeforeAll
    static void install() throws Exception {
        NpmServers.install();
    }

    @BeforeEach
    void set() throws IOException {
        before = children();
        authorizations =
                new Authorizations(
                        OAuthSettings.DEFAULTS,
                        new NoTokens(),
                        TokenKey.inFile(folder.resolve("key")),
                        Clock.systemUTC());
        bench =
                new HubBench(folder.toRealPath())
                        .with(new McpConnector(http, authorizations, McpSettings.DEFAULTS, "test"))
                        .with("everything", node("everything", "stdio"))
                        .with("files", node("filesystem", folder.toRealPath().toString()));
    }

    @AfterEach
    void clear() {
        bench.close();
        authorizations.close();
        http.close();
        until(() -> fresh().isEmpty());
    }

    @Test
    void fiftyFirstCallsAreAnsweredByOneProcess() throws Exception {
        List<CompletableFuture<ToolOutput>> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String message = "{\"message\":\"" + i + "\"}";
            calls.add(begin("everything", "echo", message, ToolWatcher.NONE));
        }

        for (int i = 0; i < 50; i++) {
            assertEquals(ToolOutput.text("Echo: " + i).content(), soon(calls.get(i)).content());
        }
        assertEquals(1, fresh().size());
        assertEquals(1, bench.hub().processes());
        assertTrue(bench.hub().detail(scope(), "everything").server().version().isPresent());
    }

    @Test
    void aServerThatNobodyUsesIsStopped() throws Exception {
        assertTrue(bench.hub().tools(scope(), "everything").size() > 5);
        ProcessHandle server = fresh().getFirst();

        bench.pass(Duration.ofMinutes(10));

        soon(server.onExit());
        until(() -> bench.hub().processes() == 0);
        assertEquals(State.IDLE, bench.state("everything"));
        assertFalse(echo("again").failed());
    }

    @Test
    void aServerThatIsKilledFailsItsCallsAndServesTheNext() throws Exception {
        CountDownLatch news = new CountDownLatch(1);
        CompletableFuture<ToolOutput> slow =
                begin("everything", SLOW, SLOW_ARGUMENTS, new Told(news));
        news.await();
        ProcessHandle server = fresh().getFirst();

        server.destroyForcibly();

        ExecutionException told = assertThrows(ExecutionException.class, () -> soon(slow));
        Failure failure = assertInstanceOf(Failure.class, told.getCause());
        assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, failure.code());
        until(() -> bench.state("everything") == State.RECONNECTING);
        bench.clock.advance(Duration.ofSeconds(1));
        assertFalse(echo("again").failed());
        assertEquals(State.READY, bench.state("everything"));
        until(() -> fresh().size() == 1);
    }

    @Test
    void leavesNobodyBehindNotEvenWhatAServerHasStarted() throws Exception {
        String script = "sleep 1000 & sleep 1000 & exec node " + NpmServers.script("everything");
        bench.with("family", program("sh", "-c", script));
        bench.hub().tools(scope(), "family");
        List<ProcessHandle> family = fresh();
        assertEquals(3, family.size());

        bench.hub().close();

        for (ProcessHandle one : family) {
            soon(one.onExit());
        }
        assertEquals(0, bench.hub().processes());
    }

    @Test
    void servesFilesMemoryAndWhatElseServersOffer() throws Exception {
        Path memory = folder.resolve("memory.json");
        bench.with(
                "memory",
                new Program(
                        "node",
                        List.of(NpmServers.script("memory").toString()),
                        Map.of("MEMORY_FILE_PATH", memory.toString()),
                        Optional.empty()));
        Files.writeString(folder.resolve("note.txt"), "ein Gruß");
        String note = folder.toRealPath().resolve("note.txt").toString();

        ToolOutput read = call("files", "read_text_file", "{\"path\":\"" + note + "\"}");
        ToolOutput graph = call("memory", "read_graph", "{}");
        List<ContextItem> prompts =
                bench.hub().context(scope(), "everything", ContextItem.Kind.PROMPT);
        String prompt =
                bench.hub()
                        .read(
                                scope(),
                                "everything",
                                "prompts/get",
                                "{\"name\":\"" + prompts.getFirst().name() + "\"}",
                                ToolWatcher.NONE);

        assertEquals(ToolOutput.text("ein Gruß").content(), read.content());
        assertFalse(graph.failed());
        assertTrue(prompt.contains("\"messages\""), prompt);
        assertEquals(3, bench.hub().processes());
    }

    @Test
    void aServerIsToldOfTheProjectsFolder() {
        String workspace = bench.workspace().toString();

        // it asks for the folder when it is up, and answers calls meanwhile
        until(() -> allowedInProject().contains(workspace));
    }

    private String allowedInProject() {
        try {
            return bench.hub()
                    .call(inProject(), "files", "list_allowed_directories", "{}", ToolWatcher.NONE)
                    .content()
                    .toString();
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }

    @Test
    void keepsWhatAServerSaysOnItsStandardError() throws Exception {
        String script = "echo starting with $TOKEN >&2; exec node ";
        bench.with(
                "chatty",
                new Program(
                        "sh",
                        List.of("-c", script + NpmServers.script("everything")),
                        Map.of("TOKEN", "very-secret"),
                        Optional.empty()));
        bench.hub().tools(scope(), "chatty");

        until(() -> !bench.hub().log(scope(), "chatty").isEmpty());

        LogLine first = bench.hub().log(scope(), "chatty").getFirst();
        assertEquals("stderr starting with ***", first.origin() + " " + first.text());
    }

    @Test
    void saysWhyAProgramIsNoServer() {
        bench.with("missing", program("no-such-program-anywhere"));
        bench.with("ends", program("sh", "-c", "exit 3"));

        Failure missing = assertThrows(Failure.class, () -> call("missing", "x", "{}"));
        Failure ends = assertThrows(Failure.class, () -> call("ends", "x", "{}"));

        assertTrue(missing.text().contains("no-such-program-anywhere"), missing::text);
        assertTrue(ends.text().contains("ended with 3"), ends::text);
        assertEquals(State.FAILED, bench.state("missing"));
        assertEquals(0, bench.hub().processes());
    }

    @Test
    void greetsAServerAnewThatHasForgottenItsSessions() throws Exception {
        int port = freePort();
        bench.with("web", new Remote("http://127.0.0.1:" + port + "/mcp", false, Map.of()));
        Process first = serveHttp(port);
        assertFalse(call("web", "echo", "{\"message\":\"one\"}").failed());
        first.destroyForcibly().waitFor();

        Process second = serveHttp(port);
        try {
            until(() -> bench.hub().detail(scope(), "web").server().state() != State.STARTING);
            ToolOutput again = call("web", "echo", "{\"message\":\"two\"}");

            assertEquals(ToolOutput.text("Echo: two").content(), again.content());
        } finally {
            second.destroyForcibly().waitFor();
        }
    }

    private static Process serveHttp(int port) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(
                        "node", NpmServers.script("everything").toString(), "streamableHttp");
        builder.environment().put("PORT", String.valueOf(port));
        Process server = builder.redirectErrorStream(true).start();
        BufferedReader lines = server.inputReader();
        String line = lines.readLine();
        while (line != null && !line.contains("listening on port")) {
            line = lines.readLine();
        }
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static Program node(String server, String... arguments) {
        List<String> words = new ArrayList<>(List.of(NpmServers.script(server).toString()));
        words.addAll(List.of(arguments));
        return new Program("node", words, Map.of(), Optional.empty());
    }

    private ToolOutput echo(String message) throws InterruptedException {
        return call("everything", "echo", "{\"message\":\"" + message + "\"}");
    }

    private ToolOutput call(String server, String tool, String arguments)
            throws InterruptedException {
        return bench.hub().call(scope(), server, tool, arguments, ToolWatcher.NONE);
    }

    private CompletableFuture<ToolOutput> begin(
            String server, String tool, String arguments, ToolWatcher watcher) {
        CompletableFuture<ToolOutput> answer = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                answer.complete(
                                        bench.hub()
                                                .call(scope(), server, tool, arguments, watcher));
                            } catch (InterruptedException | RuntimeException failed) {
                                answer.completeExceptionally(failed);
                            }
                        });
        return answer;
    }

    /// The processes that were started since the test began.
    private List<ProcessHandle> fresh() {
        List<ProcessHandle> fresh = new ArrayList<>(children());
        fresh.removeAll(before);
        return fresh;
    }

    private static List<ProcessHandle> children() {
        return ProcessHandle.current().descendants().filter(ProcessHandle::isAlive).toList();
    }

    /// Counts down with the first news.
    private record Told(CountDownLatch news) implements ToolWatcher {
        @Override
        public void progress(ToolProgress one) {
            news.countDown();
        }

        @Override
        public ToolReply ask(ToolQuestion question) {
            return ToolReply.DECLINED;
        }
    }

    /// Nobody has signed in.
    private record NoTokens() implements TokenStore {
        @Override
        public Optional<Sealed> load(TokenOwner owner, String serverId) {
            return Optional.empty();
        }

        @Override
        public void save(TokenOwner owner, String serverId, Sealed sealed) {}

        @Override
        public void delete(TokenOwner owner, String serverId) {}
    }
}
