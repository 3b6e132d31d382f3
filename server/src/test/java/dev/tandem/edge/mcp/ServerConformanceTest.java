package dev.tandem.edge.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.clients.ClientScript;
import dev.tandem.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The conformance suites of the Model Context Protocol. What the server does not pass is named,
/// with its reason, in a file of `src/test/conformance`; the suite fails where a scenario fails
/// that does not stand there, and where one passes that does.
final class ServerConformanceTest {
    private static final Path BASELINES = Path.of("src/test/conformance").toAbsolutePath();
    private static final Path REPORTS = Path.of("target/conformance").toAbsolutePath();

    private static ClientScript installed;
    private static McpServer server;

    @BeforeAll
    static void start() throws Exception {
        installed = ClientScript.node("mcp-clients", 22);
        Files.createDirectories(REPORTS);
        ConformanceFixtures fixtures = new ConformanceFixtures();
        server = new McpServer(new ConformanceToolbox(fixtures), fixtures);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void passesTheSuiteOf2025() throws Exception {
        List<String> passed = suite("conformance-2025", "server-2025-11-25.yml", "--suite", "all");

        assertEquals(32, passed.size(), passed::toString);
    }

    @Test
    void passesWhatTheVersionOf2026Requires() throws Exception {
        List<String> passed =
                suite("conformance-2026", "server-2026-07-28.yml", "--requirements", "2026-07-28");

        assertTrue(passed.size() >= 38, passed::toString);
    }

    @Test
    void passesTheNewerSuiteInTheVersionsWithSessions() throws Exception {
        for (String version : List.of("2025-03-26", "2025-06-18", "2025-11-25")) {
            List<String> passed =
                    suite("conformance-2026", "server-2025-11-25.yml", "--spec-version", version);

            assertTrue(passed.contains("server-session-lifecycle"), passed::toString);
        }
    }

    /// The names of the scenarios that were passed.
    private static List<String> suite(String release, String baseline, String... which)
            throws IOException, InterruptedException {
        Path script = installed.installed().resolve("node_modules/" + release + "/dist/index.js");
        List<String> command = new ArrayList<>();
        command.addAll(List.of(installed.program(), script.toString(), "server"));
        command.addAll(List.of("--url", server.uri().toString()));
        command.addAll(List.of(which));
        command.addAll(List.of("--expected-failures", BASELINES.resolve(baseline).toString()));
        Tool.Ended ended = Tool.ended(REPORTS, command.toArray(String[]::new));
        Files.writeString(REPORTS.resolve(release + "-" + which[1] + ".txt"), ended.said());
        assertEquals(0, ended.exit(), ended::said);
        return ended.lines().stream()
                .filter(line -> line.startsWith("✓ ") && line.contains(" passed, "))
                .map(line -> line.substring(2, line.indexOf(':')))
                .toList();
    }
}
