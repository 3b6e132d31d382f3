package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.audit.AuditCall;
import dev.tandem.audit.AuditLog;
import dev.tandem.audit.AuditOutcome;
import dev.tandem.audit.Ruling;
import dev.tandem.audit.Sha256;
import dev.tandem.mcp.McpConnection;
import dev.tandem.mcp.McpHost;
import dev.tandem.mcp.McpSettings;
import dev.tandem.mcp.NpmServers;
import dev.tandem.mcp.stdio.StdioCommand;
import dev.tandem.mcp.stdio.StdioTransport;
import dev.tandem.run.RunEvent;
import dev.tandem.testing.PluginJar;
import dev.tandem.tool.ToolWatcher;
import dev.tandem.toolbox.CallOutcome;
import dev.tandem.toolbox.CallOutcome.Status;
import dev.tandem.toolbox.CallWatcher;
import dev.tandem.toolbox.OfferedTool;
import dev.tandem.toolbox.ToolRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a tool call costs at each step on its way, beside the bare connection to the same program.
/// The steps take turns, so that what else the machine does meets all of them.
///
/// `-Dtandem.samples=2000` for figures worth printing.
@Timeout(300)
final class ToolCallCostTest {
    private static final int SAMPLES = Integer.getInteger("tandem.samples", 100);
    private static final int WARM_UP = SAMPLES / 4;
    private static final int TURNS = 40;
    private static final int AT_ONCE = 8;
    private static final String ARGUMENTS = "{\"message\":\"hi\"}";
    private static final String PLUGIN =
            """
            package cost;

            import dev.tandem.plugin.PluginCall;
            import dev.tandem.plugin.PluginTool;
            import dev.tandem.plugin.ToolPlugin;
            import dev.tandem.tool.ToolOutput;
            import java.util.List;

            public final class Nothing implements ToolPlugin {
                public String name() {
                    return "nothing";
                }

                public List<PluginTool> tools() {
                    return List.of(new PluginTool("nothing", "Does nothing.", "{\\"type\\":\\"object\\"}"));
                }

                public ToolOutput call(PluginCall call) {
                    return ToolOutput.text("nothing");
                }
            }
            """;

    @TempDir private Path folder;

    private final Map<String, List<Long>> nanos = new LinkedHashMap<>();

    /// One step of a call's way.
    private interface Step {
        void call() throws Exception;
    }

    @BeforeAll
    static void install() throws Exception {
        NpmServers.install();
    }

    @Test
    void whatEachStepAdds() throws Exception {
        Path plugins = Files.createDirectories(folder.resolve("plugins"));
        PluginJar.make(plugins.resolve("nothing.jar"), "cost.Nothing", PLUGIN);
        try (McpConnection bare = bare();
                ToolRig rig = new ToolRig(folder)) {
            OfferedTool echo = rig.tool("every__echo");
            OfferedTool nothing = rig.tool("nothing");
            Map<String, Step> steps = new LinkedHashMap<>();
            steps.put("connection", () -> bare.call("echo", ARGUMENTS, ToolWatcher.NONE));
            steps.put(
                    "hub",
                    () ->
                            rig.hub()
                                    .call(
                                            ToolRig.SCOPE,
                                            echo.serverId(),
                                            "echo",
                                            ARGUMENTS,
                                            ToolWatcher.NONE));
            steps.put("the audit log's two rows", () -> audited(rig, echo));
            steps.put("toolbox", () -> succeeds(call(rig, echo)));
            steps.put("toolbox, a plugin that does nothing", () -> succeeds(call(rig, nothing)));
            takeTurns(steps);
            loops(rig);
            System.out.print(table());
            System.out.print(atOnce(rig, echo));
        }
        assertTrue(nanos.values().stream().allMatch(times -> times.size() >= SAMPLES));
    }

    private McpConnection bare() throws InterruptedException {
        return McpConnection.open(
                new StdioTransport(
                        new StdioCommand(
                                List.of("node", NpmServers.script("everything").toString()),
                                Map.of(),
                                folder)),
                McpHost.NONE,
                "1",
                McpSettings.DEFAULTS);
    }

    private static CallOutcome call(ToolRig rig, OfferedTool tool) throws InterruptedException {
        return rig.toolbox()
                .call(
                        new ToolRequest(ToolRig.SCOPE, tool, "call_1", ARGUMENTS, true),
                        CallWatcher.NONE);
    }

    /// What the toolbox writes, and nothing else.
    private static void audited(ToolRig rig, OfferedTool tool) {
        AuditLog log = rig.audit();
        AuditCall call =
                new AuditCall(
                        ToolRig.SCOPE,
                        "call_1",
                        tool.serverId(),
                        tool.definition().name(),
                        Optional.of(ARGUMENTS),
                        Sha256.of(ARGUMENTS));
        AuditLog.Open open = log.decided(call, new Ruling(true, "policy"));
        log.ended(
                open,
                new AuditOutcome(
                        dev.tandem.audit.Status.SUCCEEDED, Duration.ZERO, Optional.empty()));
    }

    private static void succeeds(CallOutcome outcome) {
        assertEquals(Status.SUCCEEDED, outcome.status(), outcome::toString);
    }

    private void takeTurns(Map<String, Step> steps) throws Exception {
        for (int sample = -WARM_UP; sample < SAMPLES; sample++) {
            for (Map.Entry<String, Step> step : steps.entrySet()) {
                long began = System.nanoTime();
                step.getValue().call();
                took(step.getKey(), System.nanoTime() - began, sample >= 0);
            }
        }
    }

    private void took(String step, long time, boolean counts) {
        List<Long> times = nanos.computeIfAbsent(step, _ -> new ArrayList<>());
        if (counts) {
            times.add(time);
        }
    }

    /// Answers in which a model calls the same tool again and again: from one result to the next.
    private void loops(ToolRig rig) throws Exception {
        for (int sample = 1 - TURNS; sample < SAMPLES; sample += TURNS - 1) {
            loop(rig, "loop", "every__echo", sample >= 0);
            loop(rig, "loop, a plugin that does nothing", "nothing", sample >= 0);
        }
    }

    private void loop(ToolRig rig, String step, String tool, boolean counts) throws Exception {
        String script = "call %s %s\nthen\n".formatted(tool, ARGUMENTS).repeat(TURNS) + "say done";
        long before = 0;
        int results = 0;
        for (ToolRig.Timed timed : rig.answer(script)) {
            if (timed.event() instanceof RunEvent.ToolResult result) {
                assertFalse(result.failed(), result::toString);
                if (results++ > 0) {
                    took(step, timed.nanos() - before, counts);
                }
                before = timed.nanos();
            }
        }
        assertEquals(TURNS, results);
    }

    private String table() {
        StringBuilder table = new StringBuilder("| µs | p50 | p99 |\n|---|---:|---:|\n");
        nanos.forEach(
                (step, times) ->
                        table.append(
                                String.format(
                                        Locale.ROOT,
                                        "| %s | %,d | %,d |%n",
                                        step,
                                        micros(times, 50),
                                        micros(times, 99))));
        return table.toString();
    }

    private static long micros(List<Long> times, int percent) {
        long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1_000;
    }

    /// Calls of many at once share the commits of the audit log.
    private String atOnce(ToolRig rig, OfferedTool echo) throws Exception {
        long began = System.nanoTime();
        List<Future<?>> callers = new ArrayList<>();
        long[] times = new long[SAMPLES / AT_ONCE * AT_ONCE];
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < AT_ONCE; caller++) {
                int first = caller * (SAMPLES / AT_ONCE);
                callers.add(threads.submit(() -> calls(rig, echo, times, first)));
            }
        }
        for (Future<?> caller : callers) {
            Object _ = caller.get();
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        List<Long> all = Arrays.stream(times).boxed().toList();
        return String.format(
                Locale.ROOT,
                "toolbox, %d at once: p50 %,d µs, p99 %,d µs, %.0f calls a second%n",
                AT_ONCE,
                micros(all, 50),
                micros(all, 99),
                times.length / seconds);
    }

    private static Void calls(ToolRig rig, OfferedTool echo, long[] times, int first)
            throws InterruptedException {
        for (int at = first; at < first + SAMPLES / AT_ONCE; at++) {
            long began = System.nanoTime();
            succeeds(call(rig, echo));
            times[at] = System.nanoTime() - began;
        }
        return null;
    }
}
