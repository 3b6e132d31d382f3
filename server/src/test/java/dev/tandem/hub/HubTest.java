package dev.tandem.hub;

import static dev.tandem.hub.HubBench.down;
import static dev.tandem.hub.HubBench.program;
import static dev.tandem.hub.HubBench.scope;
import static dev.tandem.hub.HubBench.soon;
import static dev.tandem.hub.HubBench.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.hub.ServerDeclaration.Program;
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
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The life of servers, with a clock that is moved by hand.
final class HubTest {
    @TempDir private Path folder;
    private HubBench bench;

    @BeforeEach
    void set() {
        bench = new HubBench(folder).with("files", program("files-server"));
    }

    @AfterEach
    void clear() {
        bench.close();
    }

    @Test
    void startsAServerWhenItIsFirstNeeded() throws Exception {
        assertEquals(State.IDLE, bench.hub().servers(scope()).getFirst().state());
        assertEquals(List.of(), bench.connector.openings);

        assertEquals("echo", bench.hub().tools(scope(), "files").getFirst().name());

        ServerDetail up = bench.hub().detail(scope(), "files");
        assertEquals(State.READY, up.server().state());
        assertEquals(Optional.of("fake 1"), up.server().version());
        assertEquals(Optional.of(1), up.toolCount());
        assertEquals(1, bench.hub().processes());
        assertEquals(folder.resolve("mcp"), bench.connector.openings.getFirst().folder());
    }

    @Test
    void fiftyFirstCallsMakeOneStart() throws Exception {
        bench.connector.holdStarts();
        List<CompletableFuture<ToolOutput>> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            calls.add(bench.begin("files", "tool" + i));
        }
        until(() -> bench.connector.openings.size() == 1);
        assertEquals(State.STARTING, bench.state("files"));

        bench.connector.releaseStarts();

        for (int i = 0; i < 50; i++) {
            assertEquals(ToolOutput.text("tool" + i), soon(calls.get(i)));
        }
        assertEquals(1, bench.connector.openings.size());
    }

    @Test
    void whoWaitsForAStartThatFailsIsToldWhy() {
        bench.connector.holdStarts();
        bench.connector.fails(down("It has no mind to."));
        List<CompletableFuture<ToolOutput>> calls =
                List.of(bench.begin("files", "a"), bench.begin("files", "b"));
        until(() -> bench.connector.openings.size() == 1);

        bench.connector.releaseStarts();

        for (CompletableFuture<ToolOutput> call : calls) {
            ExecutionException told = assertThrows(ExecutionException.class, () -> soon(call));
            Failure failure = assertInstanceOf(Failure.class, told.getCause());
            assertTrue(failure.text().contains("It has no mind to."), failure::text);
        }
        assertEquals(State.FAILED, bench.state("files"));
        assertEquals(0, bench.hub().processes());
    }

    @Test
    void aFailedStartIsTriedAgainOnlyAfterAWhileThatGrows() throws Exception {
        bench.connector.fails(down("No."));
        bench.connector.fails(down("No."));
        assertEquals("No.", refused("files").text());

        Failure early = refused("files");
        bench.pass(Duration.ofSeconds(1));
        assertEquals("No.", refused("files").text());
        bench.pass(Duration.ofSeconds(1));
        Failure stillEarly = refused("files");
        bench.pass(Duration.ofSeconds(1));

        assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, early.code());
        assertTrue(early.text().contains("tried again in 2 s. No."), early::text);
        assertEquals(Optional.of(Duration.ofSeconds(1)), early.retryAfter());
        assertEquals(Optional.of(Duration.ofSeconds(1)), stillEarly.retryAfter());
        assertEquals(ToolOutput.text("echo"), bench.call("files", "echo"));
        assertEquals(3, bench.connector.openings.size());
    }

    @Test
    void aWaiterThatLeavesDoesNoHarmToTheOthers() throws Exception {
        bench.connector.holdStarts();
        Thread leaver = Thread.ofVirtual().start(() -> interruptedCall());
        until(() -> bench.connector.openings.size() == 1);
        CompletableFuture<ToolOutput> stays = bench.begin("files", "echo");

        leaver.interrupt();
        leaver.join();
        bench.connector.releaseStarts();

        assertEquals(ToolOutput.text("echo"), soon(stays));
        assertEquals(1, bench.connector.openings.size());
    }

    private void interruptedCall() {
        assertThrows(InterruptedException.class, () -> bench.call("files", "echo"));
    }

    @Test
    void aStartThatTakesTooLongIsGivenUp() {
        bench.connector.holdStarts();
        CompletableFuture<ToolOutput> call = bench.begin("files", "echo");
        until(() -> bench.connector.openings.size() == 1);

        bench.pass(Duration.ofSeconds(61));

        ExecutionException told = assertThrows(ExecutionException.class, () -> soon(call));
        Failure failure = assertInstanceOf(Failure.class, told.getCause());
        assertEquals(FailureCode.UPSTREAM_TIMEOUT, failure.code());
        assertTrue(failure.text().contains("mcp.start-max (60 s)"), failure::text);
    }

    @Test
    void stopsWhatNobodyHasUsedForAWhileAndNotWhatIsInUse() throws Exception {
        CompletableFuture<ToolOutput> long1 = bench.begin("files", "hold");
        until(() -> bench.connector.opened.size() == 1);
        FakeConnection connection = bench.connector.last();
        connection.held.await();

        bench.pass(Duration.ofMinutes(30));
        assertFalse(connection.closed.isDone());
        connection.release();
        soon(long1);
        bench.pass(Duration.ofMinutes(9));
        assertFalse(connection.closed.isDone());
        bench.pass(Duration.ofMinutes(1));

        soon(connection.closed);
        assertEquals(State.IDLE, bench.state("files"));
        until(() -> bench.hub().processes() == 0);
        assertEquals(ToolOutput.text("echo"), bench.call("files", "echo"));
        assertEquals(2, bench.connector.opened.size());
    }

    @Test
    void aServerThatDiedIsStartedAgainByTheNextCall() throws Exception {
        CompletableFuture<ToolOutput> inFlight = bench.begin("files", "hold");
        until(() -> bench.connector.opened.size() == 1);
        FakeConnection first = bench.connector.last();
        first.held.await();
        bench.call("files", "echo");

        first.die("it ended with 137");

        assertThrows(ExecutionException.class, () -> soon(inFlight));
        ServerDetail lost = bench.hub().detail(scope(), "files");
        assertEquals(State.RECONNECTING, lost.server().state());
        assertEquals(Optional.of("it ended with 137"), lost.server().problem());
        assertEquals(ToolOutput.text("echo"), bench.call("files", "echo"));
        assertEquals(State.READY, bench.state("files"));
        soon(first.closed);
        assertEquals(2, first.calls.get());
        assertEquals(1, bench.connector.last().calls.get());
    }

    @Test
    void aServerThatDiedComesBackByItselfWhileItIsWanted() throws Exception {
        bench.call("files", "echo");
        bench.connector.fails(down("Not yet."));

        bench.connector.last().die("it ended with 1");
        bench.pass(Duration.ofSeconds(1));
        until(() -> bench.connector.openings.size() == 2);
        until(() -> bench.state("files") == State.RECONNECTING);
        bench.pass(Duration.ofSeconds(1));

        until(() -> bench.state("files") == State.READY);
        assertEquals(3, bench.connector.openings.size());
    }

    @Test
    void aServerThatDiedAndNobodyWantsStaysDown() throws Exception {
        bench.call("files", "echo");
        bench.connector.last().die("it ended with 1");
        bench.connector.fails(down("Not yet."));

        bench.pass(Duration.ofMinutes(11));

        assertEquals(State.FAILED, bench.state("files"));
        assertEquals(1, bench.connector.openings.size());
    }

    @Test
    void aServerThatDiesBeforeItHasAnsweredAnythingWaitsItsTurn() throws Exception {
        bench.connector.holdStarts();
        CompletableFuture<ToolOutput> call = bench.begin("files", "hold");
        until(() -> bench.connector.openings.size() == 1);
        bench.connector.releaseStarts();
        until(() -> bench.connector.opened.size() == 1);
        bench.connector.last().held.await();

        bench.connector.last().die("it ended with 1");

        assertThrows(ExecutionException.class, () -> soon(call));
        assertTrue(refused("files").text().contains("it ended with 1"));
        bench.pass(Duration.ofSeconds(1));
        assertEquals(ToolOutput.text("echo"), bench.call("files", "echo"));
    }

    @Test
    void anExpiredSessionIsBegunAnewOnceAndTheCallerSeesNothingOfIt() throws Exception {
        bench.call("files", "echo");
        FakeConnection first = bench.connector.last();

        first.expire();

        assertEquals(ToolOutput.text("echo"), bench.call("files", "echo"));
        assertEquals(2, bench.connector.opened.size());
        assertEquals(1, first.calls.get());
        soon(first.closed);
    }

    @Test
    void asksForToolsOnceUntilTheServerSaysThatTheyHaveChanged() throws Exception {
        bench.hub().tools(scope(), "files");
        bench.hub().tools(scope(), "files");
        assertEquals(1, bench.connector.last().lists.get());

        bench.connector.last().events.toolsChanged();
        bench.hub().tools(scope(), "files");

        assertEquals(2, bench.connector.last().lists.get());
    }

    @Test
    void eachTenantAndEachProjectHasAConnectionOfItsOwn() throws Exception {
        bench.call("files", "echo");
        bench.call("files", "echo");
        bench.hub().call(scope("bob", Optional.empty()), "files", "echo", "{}", ToolWatcher.NONE);
        bench.hub().call(HubBench.inProject(), "files", "echo", "{}", ToolWatcher.NONE);

        assertEquals(3, bench.connector.opened.size());
        assertEquals(
                List.of(bench.workspace().toRealPath()),
                bench.connector.openings.getLast().roots());
    }

    @Test
    void aRestartStopsTheTenantsConnectionsAndStartsAnew() throws Exception {
        bench.call("files", "echo");
        bench.hub().call(scope("bob", Optional.empty()), "files", "echo", "{}", ToolWatcher.NONE);
        FakeConnection adas = bench.connector.opened.getFirst();
        FakeConnection bobs = bench.connector.opened.getLast();

        bench.hub().restart(scope(), "files");

        soon(adas.closed);
        assertFalse(bobs.closed.isDone());
        assertNotSame(bobs, bench.connector.last());
        assertEquals(State.READY, bench.state("files"));
    }

    @Test
    void aRestartDoesNotWaitForTheBackoff() throws Exception {
        bench.connector.fails(down("No."));
        refused("files");

        bench.hub().restart(scope(), "files");

        assertEquals(State.READY, bench.state("files"));
    }

    @Test
    void keepsTheLogWithoutTheSecretsOfTheDeclaration() throws Exception {
        bench.close();
        bench = new HubBench(folder);
        bench.variable("DB", "postgres://secret@host")
                .with(
                        "files",
                        new Program(
                                "files-server",
                                List.of("--db", "${DB}"),
                                Map.of("API_KEY", "hush", "LEVEL", "info"),
                                Optional.empty()));
        bench.call("files", "echo");
        bench.connector.last().events.logged("stderr", "info: key hush, db postgres://secret@host");
        bench.clock.advance(Duration.ofSeconds(1));
        bench.connector.last().events.logged("warning", "tired");

        List<LogLine> log = bench.hub().log(scope(), "files");

        assertEquals(
                List.of("stderr info: key ***, db ***", "warning tired"),
                log.stream().map(line -> line.origin() + " " + line.text()).toList());
        assertEquals(List.of(), bench.hub().log(scope("bob", Optional.empty()), "files"));
    }

    @Test
    void aStartThatFailsDoesNotTellTheSecretsOfTheDeclaration() {
        bench.close();
        bench = new HubBench(folder);
        bench.with(
                "files", new Program("x", List.of(), Map.of("API_KEY", "hush"), Optional.empty()));
        bench.connector.fails(down("The key hush is wrong."));

        assertEquals("The key *** is wrong.", refused("files").text());
        assertEquals(
                Optional.of("The key *** is wrong."),
                bench.hub().detail(scope(), "files").server().problem());
    }

    @Test
    void closingEndsWhatIsStillStarting() throws Exception {
        bench.connector.holdStartsEvenIfInterrupted();
        CompletableFuture<ToolOutput> call = bench.begin("files", "echo");
        until(() -> bench.connector.openings.size() == 1);

        bench.hub().close();
        bench.connector.releaseStarts();

        assertThrows(ExecutionException.class, () -> soon(call));
        soon(bench.connector.last().closed);
    }

    @Test
    void closingEndsWhatIsInUseAndRefusesWhatComesLater() throws Exception {
        CompletableFuture<ToolOutput> call = bench.begin("files", "hold");
        until(() -> bench.connector.opened.size() == 1);
        FakeConnection connection = bench.connector.last();
        connection.held.await();

        bench.hub().close();

        soon(connection.closed);
        assertSame(FailureCode.SHUTTING_DOWN, refused("files").code());
        assertEquals(0, bench.hub().processes());
        connection.release();
        soon(call);
    }

    private Failure refused(String server) {
        return assertThrows(Failure.class, () -> bench.call(server, "echo"));
    }
}
