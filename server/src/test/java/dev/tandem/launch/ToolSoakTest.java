package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.launch.Remains.Objects;
import dev.tandem.launch.SoakedSession.Kind;
import dev.tandem.mcp.NpmServers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Thousands of sessions use tools of real MCP servers through the whole server, which are killed
/// meanwhile, while clients cancel, leave and leave questions open, and while there are fewer
/// places for processes than are wanted. When they have gone, so has all that was made for them.
///
/// `-Dtandem.soak=20000` for longer.
@Timeout(900)
final class ToolSoakTest {
    private static final int SESSIONS = Integer.getInteger("tandem.soak", 2_000);
    private static final int QUARTER = SESSIONS / 4;
    private static final int AT_ONCE = 10;
    private static final int SESSIONS_PER_KILL = 40;
    private static final int SESSIONS_PER_LOOK = 5;
    private static final int PROCESSES_MAX = 8;
    private static final int PER_TENANT_MAX = 3;

    /// What the heap may grow by from the first quarter to the last, a good 1 KB a session.
    private static final long GROWTH_BYTES_MAX = 2 << 20;

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> TENANTS = List.of("ada", "bob", "cid", "dot");
    private static final List<String> SERVERS = List.of("every", "memory", "files", "spare");
    private static final Map<String, String> SCRIPTS =
            Map.of("memory", "memory", "files", "filesystem");

    @TempDir private Path folder;

    private final Random random = new Random(16);
    private final SoakTally tally = new SoakTally();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger kills = new AtomicInteger();
    private final AtomicInteger peak = new AtomicInteger();

    @BeforeAll
    static void install() throws Exception {
        NpmServers.install();
    }

    private Map<String, String> settings() throws IOException {
        Map<String, String> settings = new HashMap<>();
        settings.put("scripted.enabled", "true");
        settings.put("scripted.pace", "0ms");
        settings.put("runs.detached-max", "200ms");
        settings.put("mcp.claude-servers", "false");
        settings.put("mcp.processes-max", String.valueOf(PROCESSES_MAX));
        settings.put("mcp.processes-per-tenant-max", String.valueOf(PER_TENANT_MAX));
        settings.put("mcp.idle-stop", "2s");
        settings.put("mcp.backoff-min", "100ms");
        settings.put("mcp.backoff-max", "1s");
        settings.put("mcp.policy.0.tool", "write_file");
        settings.put("mcp.policy.0.decision", "ask");
        settings.put("mcp.policy.1.decision", "allow");
        for (int tenant = 0; tenant < TENANTS.size(); tenant++) {
            settings.put("auth.keys." + tenant + ".name", TENANTS.get(tenant));
            settings.put("auth.keys." + tenant + ".tenant", TENANTS.get(tenant));
            settings.put("auth.keys." + tenant + ".key", key(TENANTS.get(tenant)));
        }
        for (String server : SERVERS) {
            String script = SCRIPTS.getOrDefault(server, "everything");
            settings.put("mcp.servers." + server + ".command", "node");
            settings.put(
                    "mcp.servers." + server + ".args",
                    NpmServers.script(script) + (server.equals("files") ? "," + files() : ""));
        }
        return settings;
    }

    private Path files() throws IOException {
        return Files.createDirectories(folder.resolve("files")).toRealPath();
    }

    private static String key(String tenant) {
        return tenant + "-0123456789abcdef";
    }

    @Test
    void nothingIsLeftOfThousandsOfSessionsThatUseTools() throws Exception {
        List<ProcessHandle> before = Remains.programs();
        List<Long> quarters = new ArrayList<>();
        int threads;
        int threadsAfter;
        long began = System.nanoTime();
        try (RunningServer server = RunningServer.start(folder.resolve("data"), settings())) {
            threads = Remains.threads(folder).size();
            for (int quarter = 0; quarter < 4; quarter++) {
                soak(server, quarter * QUARTER);
                until(() -> metric(server, "tandem_runs_active") == 0, "runs end");
                quarters.add(Remains.objects().bytes());
            }
            threadsAfter = allIsGone(server, before);
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
        assertEquals(before, Remains.programs());
        print(seconds, quarters, threads, threadsAfter);
        String audit = verified();
        System.out.print(audit);

        assertTrue(audit.contains("all sound"), audit);
        assertEquals(Map.of(), tally.unexplained());
        assertTrue(peak.get() <= PROCESSES_MAX, () -> "processes at peak: " + peak);
        long growth = quarters.getLast() - quarters.getFirst();
        assertTrue(growth < GROWTH_BYTES_MAX, () -> "the heap has grown by " + growth);
    }

    /// Servers are stopped when they are idle, which they are not while anybody holds a lease.
    ///
    /// @return how many threads there are then
    private int allIsGone(RunningServer server, List<ProcessHandle> before) throws Exception {
        Remains.awaitEnds(before);
        until(() -> metric(server, "tandem_mcp_processes") == 0, "places are given back");
        List<String> threads = Remains.threads(folder);
        assertEquals(List.of(), Remains.ofTools(threads));
        assertNothingIsOpen(server);
        assertNoObjects(Remains.objects());
        return threads.size();
    }

    /// A quarter of the sessions, some at once.
    private void soak(RunningServer server, int first) throws Exception {
        AtomicInteger next = new AtomicInteger(first);
        List<Future<?>> clients = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < AT_ONCE; client++) {
                clients.add(threads.submit(() -> client(server, next, first + QUARTER)));
            }
        }
        for (Future<?> client : clients) {
            Object _ = client.get();
        }
    }

    private Void client(RunningServer server, AtomicInteger next, int end) throws Exception {
        for (int number = next.getAndIncrement(); number < end; number = next.getAndIncrement()) {
            session(server, number);
            if (number % SESSIONS_PER_LOOK == 0) {
                List<ProcessHandle> programs = Remains.npmServers();
                peak.accumulateAndGet(programs.size(), Math::max);
                if (number % SESSIONS_PER_KILL == 0 && !programs.isEmpty()) {
                    programs.get(number / SESSIONS_PER_KILL % programs.size()).destroyForcibly();
                    kills.incrementAndGet();
                }
            }
        }
        return null;
    }

    /// Two tenants ask all the time and need all places but two; at the end of each quarter another
    /// one asks for more servers than it may have.
    private void session(RunningServer server, int number) throws Exception {
        boolean guest = number % QUARTER >= QUARTER * 4 / 5 && number % 3 == 0;
        String tenant = TENANTS.get(guest ? 2 + number / QUARTER % 2 : number % 2);
        Kind kind = kind(number);
        List<String> servers =
                switch (kind) {
                    case WHOLE ->
                            guest
                                    ? List.of(SERVERS.get(number / 3 % 4))
                                    : SERVERS.subList(0, 1 + number / 2 % 3);
                    case CANCELLED, LEFT -> List.of("every");
                    case ALLOWED, DENIED, UNDECIDED, DESERTED -> List.of("files");
                };
        new SoakedSession(server, http, tally, key(tenant), number, servers, files()).run(kind);
    }

    private synchronized Kind kind(int number) {
        int one = random.nextInt(100);
        if (number % QUARTER < AT_ONCE || one >= 20) {
            return Kind.WHOLE;
        }
        return List.of(Kind.values()).get(1 + one % 6);
    }

    private static void assertNothingIsOpen(RunningServer server) throws IOException {
        for (String tenant : TENANTS) {
            assertEquals(0, data(server, tenant, "/v1/approvals?state=pending").size(), tenant);
            assertEquals(0, data(server, tenant, "/v1/mcp/audit?outcome=running").size(), tenant);
            assertEquals(0, data(server, tenant, "/v1/mcp/audit?outcome=lost").size(), tenant);
        }
    }

    private static void assertNoObjects(Objects objects) throws ClassNotFoundException {
        for (String type :
                List.of(
                        "mcp.OpenCall",
                        "mcp.RpcPeer",
                        "hub.Lease",
                        "hub.Live",
                        "toolbox.GovernedCall",
                        "toolbox.Execution",
                        "toolbox.ServerGates$Gate",
                        "approval.Waiter",
                        "engine.ToolRound",
                        "run.Run")) {
            assertEquals(0, objects.of(Class.forName("dev.tandem." + type)), type);
        }
    }

    private static JsonNode data(RunningServer server, String tenant, String path)
            throws IOException {
        JsonNode answer = JSON.readTree(get(server, tenant, path));
        assertTrue(answer.has("data"), answer::toString);
        return answer.path("data");
    }

    /// A gauge's value, all its kinds together.
    private static double metric(RunningServer server, String name) {
        return get(server, TENANTS.getFirst(), "/metrics")
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static String get(RunningServer server, String tenant, String path) {
        return server.send(
                        HttpRequest.newBuilder(server.uri(path)).header("x-api-key", key(tenant)))
                .body();
    }

    private static void until(BooleanSupplier holds, String what) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!holds.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, () -> "in vain: " + what);
        }
    }

    private String verified() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int _ =
                AuditVerify.run(
                        folder.resolve("data"),
                        Optional.empty(),
                        new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }

    private void print(long seconds, List<Long> quarters, int threads, int threadsAfter) {
        System.out.printf(
                Locale.ROOT,
                """
                | tools in %,d sessions, %d at once | |
                |---|---:|
                %s| calls | %,d |
                | kills | %d |
                | processes at peak, of %d | %d |
                | processes at the end | 0 |
                | threads before and after | %d, %d |
                | heap after each quarter, MB | %s |
                | seconds | %d |
                """,
                tally.sessions(),
                AT_ONCE,
                tally.lines(),
                tally.calls(),
                kills.get(),
                PROCESSES_MAX,
                peak.get(),
                threads,
                threadsAfter,
                quarters.stream().map(bytes -> "%.1f".formatted(bytes / 1e6)).toList(),
                seconds);
    }
}
