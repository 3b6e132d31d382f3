package dev.tandem.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.mcp.McpHost.Kind;
import dev.tandem.mcp.stdio.StdioTransport;
import dev.tandem.tool.ContextItem;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolWatcher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// All that a real MCP server of protocol 2025-11-25 can do beside its tools.
final class EverythingServerTest {
    private static final int ECHOS = 500;
    private static final String HI = "{\"message\":\"hi\"}";

    @TempDir private Path folder;
    private final FakeHost host = new FakeHost();
    private StdioTransport transport;
    private McpConnection server;

    @BeforeAll
    static void install() throws Exception {
        NpmServers.install();
    }

    @BeforeEach
    void open() throws InterruptedException {
        transport = NpmServers.start("everything", Map.of(), folder, "stdio");
        server = McpConnection.open(transport, host, "test", McpSettings.DEFAULTS);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void offersResourcesAndTemplatesOfThem() throws Exception {
        ContextItem first = server.context(ContextItem.Kind.RESOURCE).getFirst();
        List<String> templates =
                server.context(ContextItem.Kind.RESOURCE_TEMPLATE).stream()
                        .map(ContextItem::name)
                        .toList();
        JsonNode read = read("resources/read", "{\"uri\":\"%s\"}".formatted(first.name()));
        JsonNode made = read("resources/read", "{\"uri\":\"demo://resource/dynamic/text/7\"}");

        assertEquals(first.name(), read.at("/contents/0/uri").asText());
        assertTrue(made.at("/contents/0/text").asText().contains("7"), made::toString);
        assertTrue(
                templates.contains("demo://resource/dynamic/text/{resourceId}"),
                templates::toString);
        Failure failure =
                assertThrows(
                        Failure.class, () -> read("resources/read", "{\"uri\":\"demo://none\"}"));
        assertEquals(FailureCode.UPSTREAM_ERROR, failure.code());
        assertEquals(-32602, McpRefusal.of(failure).orElseThrow().code());
    }

    @Test
    void offersPromptsAndCompletesTheirArguments() throws Exception {
        List<String> names =
                server.context(ContextItem.Kind.PROMPT).stream().map(ContextItem::name).toList();
        JsonNode simple = read("prompts/get", "{\"name\":\"simple-prompt\"}");
        JsonNode completed =
                read(
                        "completion/complete",
                        """
                        {"ref":{"type":"ref/prompt","name":"completable-prompt"},
                         "argument":{"name":"department","value":"S"}}
                        """);

        assertTrue(names.contains("completable-prompt"), names::toString);
        assertTrue(simple.at("/messages/0/content/text").asText().contains("simple prompt"));
        assertEquals("[\"Sales\",\"Support\"]", completed.at("/completion/values").toString());
    }

    private JsonNode read(String method, String params) throws InterruptedException {
        return FakeServer.json(server.read(method, params, ToolWatcher.NONE));
    }

    @Test
    void asksAModel() throws Exception {
        FakeWatcher watcher =
                new FakeWatcher()
                        .accepts(
                                ToolQuestion.Sampling.class,
                                "{\"role\":\"assistant\",\"model\":\"m\","
                                        + "\"content\":{\"type\":\"text\",\"text\":\"Paris\"}}");

        ToolOutput sampled =
                server.call("trigger-sampling-request", "{\"prompt\":\"Capital?\"}", watcher);
        ToolOutput declined =
                server.call(
                        "trigger-sampling-request", "{\"prompt\":\"Capital?\"}", ToolWatcher.NONE);

        assertTrue(sampled.content().toString().contains("Paris"), sampled::toString);
        assertTrue(watcher.questions.remove().message().endsWith("Capital?"));
        assertTrue(declined.failed());
        assertTrue(declined.content().toString().contains("-1"), declined::toString);
    }

    @Test
    void asksForAFormToBeFilledIn() throws Exception {
        FakeWatcher watcher =
                new FakeWatcher().accepts(ToolQuestion.Form.class, "{\"name\":\"Ada\"}");

        String filled = elicited(watcher);
        String declined = elicited(ToolWatcher.NONE);

        assertTrue(filled.contains("- Name: Ada"), filled);
        assertTrue(filled.contains("- Favorite Integer: 42"), filled);
        assertTrue(filled.contains("It was a dark and stormy night."), filled);
        assertTrue(declined.contains("User declined"), declined);
    }

    private String elicited(ToolWatcher watcher) throws InterruptedException {
        return server.call("trigger-elicitation-request", "{}", watcher).content().toString();
    }

    @Test
    void hearsWhereItMayWork() throws Exception {
        ToolOutput roots = server.call("get-roots-list", "{}", ToolWatcher.NONE);
        server.rootsChanged();

        assertTrue(roots.content().toString().contains("file:///srv/work"), roots::toString);
        while (host.log.stream().filter(line -> line.contains("Roots updated: 1")).count() < 2) {
            server.ping();
        }
    }

    @Test
    void logsAtTheLevelThatIsWanted() throws Exception {
        server.logLevel("debug");
        ToolOutput _ = server.call("toggle-simulated-logging", "{}", ToolWatcher.NONE);

        while (host.log.stream().noneMatch(line -> line.contains("-level message"))) {
            server.ping();
        }
        assertThrows(Failure.class, () -> server.logLevel("loud"));
    }

    @Test
    void tellsWhatHasChanged() throws Exception {
        ToolOutput _ =
                server.call(
                        "gzip-file-as-resource",
                        "{\"name\":\"a.gz\",\"data\":\"data:text/plain;base64,SGk=\"}",
                        ToolWatcher.NONE);

        Kind kind = host.changes.poll(10, TimeUnit.SECONDS);
        while (kind == Kind.TOOLS) {
            // those that depend on what we can do come after the greeting
            kind = host.changes.poll(10, TimeUnit.SECONDS);
        }
        assertEquals(Kind.RESOURCES, kind);
        List<String> tools = server.tools().stream().map(ToolDefinition::name).toList();
        assertTrue(tools.contains("trigger-sampling-request"), tools::toString);
    }

    @Test
    void answersSoonAndIsMissedSoon() throws Exception {
        long[] micros = new long[ECHOS];
        for (int i = 0; i < ECHOS; i++) {
            long begin = System.nanoTime();
            ToolOutput _ = server.call("echo", HI, ToolWatcher.NONE);
            micros[i] = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begin);
        }
        Arrays.sort(micros);
        FakeWatcher watcher = new FakeWatcher();
        Running<ToolOutput> call =
                Running.begun(
                        () ->
                                server.call(
                                        "trigger-long-running-operation",
                                        "{\"duration\":600,\"steps\":6000}",
                                        watcher));
        watcher.progress.take();

        long kill = System.nanoTime();
        transport.process().orElseThrow().destroyForcibly();
        Failure failure = call.failure();
        Duration missed = Duration.ofNanos(System.nanoTime() - kill);

        System.out.printf(
                "stdio echo: p50 %d µs, p99 %d µs; kill to failure: %d ms%n",
                micros[ECHOS / 2], micros[ECHOS * 99 / 100], missed.toMillis());
        assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, failure.code());
        assertTrue(missed.compareTo(Duration.ofSeconds(2)) < 0, missed::toString);
    }
}
