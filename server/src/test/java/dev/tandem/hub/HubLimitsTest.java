package dev.tandem.hub;

import static dev.tandem.hub.HubBench.program;
import static dev.tandem.hub.HubBench.scope;
import static dev.tandem.hub.HubBench.soon;
import static dev.tandem.hub.HubBench.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.hub.ServerDeclaration.Remote;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolServer.State;
import dev.tandem.tool.ToolWatcher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How many programs may run at once.
final class HubLimitsTest {
    @TempDir private Path folder;
    private HubBench bench;

    @BeforeEach
    void set() {
        bench = new HubBench(folder);
        for (String name : List.of("a", "b", "c", "d")) {
            bench.with(name, program(name));
        }
        bench.with("remote", new Remote("https://mcp.example", false, Map.of()));
    }

    @AfterEach
    void clear() {
        bench.close();
    }

    @Test
    void stopsTheOneThatWasIdleForLongest() throws Exception {
        bench.with(limits(8, 2));
        bench.call("a", "echo");
        bench.clock.advance(Duration.ofSeconds(1));
        bench.call("b", "echo");
        bench.clock.advance(Duration.ofSeconds(1));
        bench.call("a", "echo");

        bench.call("c", "echo");

        assertEquals(State.READY, bench.state("a"));
        assertEquals(State.IDLE, bench.state("b"));
        assertEquals(2, bench.hub().processes());
        soon(bench.connector.opened.get(1).closed);
    }

    @Test
    void refusesWhereAllAreInUseAndSaysTheSetting() throws Exception {
        bench.with(limits(8, 2));
        CompletableFuture<ToolOutput> one = bench.begin("a", "hold");
        CompletableFuture<ToolOutput> two = bench.begin("b", "hold");
        until(() -> bench.connector.opened.size() == 2);
        bench.connector.opened.getFirst().held.await();
        bench.connector.opened.getLast().held.await();

        Failure full = assertThrows(Failure.class, () -> bench.call("c", "echo"));

        assertEquals(FailureCode.OVERLOADED, full.code());
        assertTrue(full.text().contains("mcp.processes-per-tenant-max (2)"), full::text);
        assertEquals(State.IDLE, bench.state("c"));
        bench.connector.opened.getFirst().release();
        bench.connector.opened.getLast().release();
        soon(one);
        soon(two);
        assertEquals(ToolOutput.text("echo"), bench.call("c", "echo"));
    }

    @Test
    void waitsForOneThatIsEndingAndStopsNoOther() throws Exception {
        bench.with(limits(8, 2));
        bench.call("a", "echo");
        bench.call("b", "echo");
        FakeConnection ending = bench.connector.last();
        ending.holdEnd();
        ending.die("it was killed");

        CompletableFuture<ToolOutput> call = bench.begin("c", "echo");
        until(() -> bench.state("c") == State.STARTING);
        ending.releaseEnd();

        assertEquals(ToolOutput.text("echo"), soon(call));
        assertEquals(State.READY, bench.state("a"));
        assertEquals(2, bench.hub().processes());
    }

    @Test
    void oneThatEndedUnheardGivesItsPlaceBack() throws Exception {
        bench.with(limits(8, 1));
        bench.call("a", "echo");
        bench.connector.last().dieUnheard("it was killed");

        assertEquals(ToolOutput.text("echo"), bench.call("a", "echo"));

        soon(bench.connector.opened.getFirst().closed);
        assertEquals(1, bench.hub().processes());
    }

    @Test
    void theLimitOfAllStopsTheIdleOfOtherTenantsToo() throws Exception {
        bench.with(limits(1, 1));
        bench.hub().call(scope("bob", Optional.empty()), "a", "echo", "{}", ToolWatcher.NONE);

        bench.call("a", "echo");

        soon(bench.connector.opened.getFirst().closed);
        assertEquals(1, bench.hub().processes());
    }

    @Test
    void oneTenantsLimitIsNoOthers() throws Exception {
        bench.with(limits(8, 1));
        bench.call("a", "echo");
        bench.hub().call(scope("bob", Optional.empty()), "a", "echo", "{}", ToolWatcher.NONE);

        assertFalse(bench.connector.opened.getFirst().closed.isDone());
        assertEquals(2, bench.hub().processes());
    }

    @Test
    void whatIsReachedOverHttpIsNoProgram() throws Exception {
        bench.with(limits(1, 1));
        bench.call("a", "echo");
        bench.call("remote", "echo");

        assertEquals(1, bench.hub().processes());
        assertEquals(State.READY, bench.state("a"));
    }

    @Test
    void manyServersAndCallersNeverMakeTooMany() throws Exception {
        bench.with(limits(3, 2));
        List<CompletableFuture<ToolOutput>> calls = new ArrayList<>();
        for (int round = 0; round < 100; round++) {
            calls.add(bench.begin(List.of("a", "b", "c", "d").get(round % 4), "echo"));
            assertTrue(bench.hub().processes() <= 2);
        }

        int answered = 0;
        for (CompletableFuture<ToolOutput> call : calls) {
            answered += call.handle((output, _) -> output == null ? 0 : 1).get();
            assertTrue(bench.hub().processes() <= 2);
        }

        assertTrue(answered > 0);
        bench.hub().close();
        assertEquals(0, bench.hub().processes());
        assertTrue(bench.connector.opened.stream().allMatch(one -> one.closed.isDone()));
    }

    private static HubSettings limits(int all, int perTenant) {
        HubSettings d = HubSettings.DEFAULTS;
        return new HubSettings(
                d.idleStop(),
                d.startMax(),
                all,
                perTenant,
                d.backoffMin(),
                d.backoffMax(),
                d.stopMax(),
                d.folder(),
                d.projectVariables());
    }
}
