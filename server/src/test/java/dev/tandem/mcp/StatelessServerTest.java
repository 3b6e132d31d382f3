package dev.tandem.mcp;

import static dev.tandem.mcp.Running.begun;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.conversation.Content;
import dev.tandem.failure.Failure;
import dev.tandem.mcp.McpHost.Kind;
import dev.tandem.mcp.stdio.StdioTransport;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolProgress;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolWatcher;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Connections to a real MCP server that remembers nothing.
final class StatelessServerTest {
    private static final Content GREETING =
            new Content.Text("hello accept Ada fine 1 Paris round one");

    @TempDir private Path folder;

    @BeforeAll
    static void install() throws Exception {
        NpmServers.installStateless();
    }

    @Test
    void isFoundByAsking() throws Exception {
        try (McpConnection server = open(McpHost.NONE, "modern")) {
            ToolOutput echo = server.call("echo", "{\"message\":\"hi\"}", ToolWatcher.NONE);
            server.ping();

            assertEquals("2026-07-28", server.protocol());
            assertEquals(Optional.of("stateless 1.0.0"), server.serverVersion());
            assertEquals(Optional.of("Ask me twice."), server.instructions());
            assertEquals(List.of(new Content.Text("Echo: hi")), echo.content());
        }
    }

    @Test
    void isToldWhatItWantsToKnow() throws Exception {
        FakeWatcher watcher =
                new FakeWatcher()
                        .accepts(ToolQuestion.Form.class, "{\"name\":\"Ada\"}")
                        .accepts(
                                ToolQuestion.Sampling.class,
                                "{\"role\":\"assistant\",\"model\":\"m\","
                                        + "\"content\":{\"type\":\"text\",\"text\":\"Paris\"}}");
        try (McpConnection server = open(new FakeHost(), "modern")) {
            ToolOutput output = server.call("greet", "{\"word\":\"hello\"}", watcher);

            assertEquals(List.of(GREETING), output.content());
            assertEquals("Who are you?", watcher.questions.remove().message());
        }
    }

    @Test
    void stopsACallThatNobodyWaitsFor() throws Exception {
        StdioTransport transport = NpmServers.startStateless(folder, "modern");
        try (McpConnection server =
                McpConnection.open(transport, McpHost.NONE, "test", McpSettings.DEFAULTS)) {
            FakeWatcher watcher = new FakeWatcher();
            Running<ToolOutput> call = begun(() -> server.call("wait", "{}", watcher));
            ToolProgress first = watcher.progress.take();

            call.interrupt();

            InterruptedException _ = call.failure(InterruptedException.class);
            assertEquals(Optional.of("waiting"), first.message());
            ToolOutput _ = server.call("echo", "{\"message\":\"on\"}", ToolWatcher.NONE);
            assertEquals(List.of("was cancelled"), transport.log());
        }
    }

    @Test
    void tellsItsChangesAndItsLog() throws Exception {
        FakeHost host = new FakeHost();
        try (McpConnection server = open(host, "modern")) {
            server.logLevel("info");
            ToolOutput _ = server.call("echo", "{\"message\":\"hi\"}", ToolWatcher.NONE);
            int before = server.tools().size();
            ToolOutput _ = server.call("grow", "{}", ToolWatcher.NONE);

            assertEquals(Kind.TOOLS, host.changes.poll(10, TimeUnit.SECONDS));
            List<String> names = server.tools().stream().map(ToolDefinition::name).toList();
            assertEquals(before + 1, names.size());
            assertTrue(names.contains("new"), names::toString);
            assertEquals(List.of("info|echo|echo of hi"), host.log);
        }
    }

    @Test
    void isGreetedWhereThatIsWanted() throws Exception {
        McpSettings greeted = McpSettings.DEFAULTS.withProtocol("2025-11-25");
        FakeWatcher watcher =
                new FakeWatcher()
                        .accepts(ToolQuestion.Form.class, "{\"name\":\"Ada\"}")
                        .accepts(
                                ToolQuestion.Sampling.class,
                                "{\"role\":\"assistant\",\"model\":\"m\","
                                        + "\"content\":{\"type\":\"text\",\"text\":\"Paris\"}}");
        try (McpConnection server =
                McpConnection.open(
                        NpmServers.startStateless(folder), new FakeHost(), "test", greeted)) {
            ToolOutput output = server.call("greet", "{\"word\":\"hello\"}", watcher);

            assertEquals("2025-11-25", server.protocol());
            assertEquals(List.of(GREETING), output.content());
        }
        Failure refused =
                assertThrows(
                        Failure.class,
                        () ->
                                McpConnection.open(
                                        NpmServers.startStateless(folder, "modern"),
                                        McpHost.NONE,
                                        "test",
                                        greeted));
        assertTrue(refused.text().contains("-32022"), refused::text);
    }

    private McpConnection open(McpHost host, String mode) throws InterruptedException {
        return McpConnection.open(
                NpmServers.startStateless(folder, mode), host, "test", McpSettings.DEFAULTS);
    }
}
