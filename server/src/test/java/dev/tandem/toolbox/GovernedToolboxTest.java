package dev.tandem.toolbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.approval.Approval;
import dev.tandem.approval.Approval.Remember;
import dev.tandem.approval.Approval.State;
import dev.tandem.audit.AuditEntry;
import dev.tandem.audit.Sha256;
import dev.tandem.conversation.Content;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.storage.Samples;
import dev.tandem.storage.ToolSamples;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolProgress;
import dev.tandem.toolbox.BoxBench.Calling;
import dev.tandem.toolbox.CallOutcome.Status;
import dev.tandem.toolbox.PolicyRule.Decision;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The governed call, with every way that it can end.
@Timeout(30)
final class GovernedToolboxTest {
    private static final ToolboxSettings HURRIED =
            new ToolboxSettings(Duration.ofSeconds(10), 128, Duration.ofMillis(100), 1_000, 300, 2);

    @TempDir private Path folder;

    @SuppressWarnings("NullAway.Init") // before each test
    private BoxBench bench;

    @BeforeEach
    void open() {
        bench = new BoxBench(folder);
        bench.source.server("files", "read", "write");
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void answersAndIsWrittenDownTwice() throws InterruptedException {
        bench.source.does(
                "read",
                (arguments, watcher) -> {
                    watcher.progress(new ToolProgress(1, OptionalDouble.of(2), Optional.empty()));
                    return ToolOutput.text("read " + arguments);
                });

        CallOutcome outcome = bench.call("read", "{\"path\":\"a\",\"token\":\"abc\"}");

        assertEquals(Status.SUCCEEDED, outcome.status());
        assertEquals("read {\"path\":\"a\",\"token\":\"abc\"}", BoxBench.text(outcome));
        assertEquals(1, bench.progress.size());
        AuditEntry entry = bench.entries().getFirst();
        assertEquals(List.of("read allowed by hints: succeeded"), bench.log());
        assertEquals(
                Optional.of("{\"path\":\"a\",\"token\":\"[redacted]\"}"),
                entry.call().argumentsJson());
        assertEquals(Sha256.of("{\"path\":\"a\",\"token\":\"abc\"}"), entry.call().argumentsHash());
        assertEquals(Optional.empty(), entry.outcome().orElseThrow().error());
        assertEquals(2, bench.audit.verify().head().seq());
    }

    @Test
    void argumentsAreNotKeptWhereTheCallerObjects() throws InterruptedException {
        ToolRequest request =
                new ToolRequest(
                        ToolSamples.SCOPE, BoxBench.tool("read", true), "call_1", "{}", false);

        bench.box().call(request, CallWatcher.NONE);

        assertEquals(Optional.empty(), bench.entries().getFirst().call().argumentsJson());
        assertEquals(Sha256.of("{}"), bench.entries().getFirst().call().argumentsHash());
    }

    @Test
    void everyFailureIsTold() throws InterruptedException {
        bench.source
                .does("says-so", (_, _) -> ToolOutput.failure("No such file."))
                .does("refused", (_, _) -> fail(FailureCode.UPSTREAM_ERROR, "Bad."))
                .does("gone", (_, _) -> fail(FailureCode.UPSTREAM_UNAVAILABLE, "Dead."))
                .does("late", (_, _) -> fail(FailureCode.UPSTREAM_TIMEOUT, "Late."))
                .does(
                        "broken",
                        (_, _) -> {
                            throw new IllegalStateException("a secret");
                        });

        assertEquals("FAILED No such file.", told(bench.call("says-so", "{}")));
        assertEquals("FAILED Bad.", told(bench.call("refused", "{}")));
        assertEquals("UNAVAILABLE Dead.", told(bench.call("gone", "{}")));
        assertEquals("TIMED_OUT Late.", told(bench.call("late", "{}")));
        assertEquals(
                "FAILED The call broke; the server's log says why.",
                told(bench.call("broken", "{}")));
        assertEquals(
                List.of("failed", "timed_out", "unavailable", "failed", "failed"),
                bench.entries().stream().map(entry -> entry.status().word()).toList());
    }

    @Test
    void aServerThatIsGoneSinceTheOfferIsTold() throws InterruptedException {
        OfferedTool stale =
                new OfferedTool("x__t", "x", "x", FakeSource.tool("t", "Does t.", true));

        CallOutcome outcome = bench.box().call(BoxBench.request(stale, "{}"), bench);

        assertEquals("UNAVAILABLE There is no server x any more.", told(outcome));
    }

    @Test
    void argumentsThatAreNoObjectAreToldToTheModel() throws InterruptedException {
        bench.source.does("read", (arguments, _) -> ToolOutput.text(arguments));

        for (String wrong : List.of("{", "[1]", "\"a\"", "{\"a\":1,\"a\":2}", "{} {}", "null")) {
            CallOutcome outcome = bench.call("read", wrong);
            assertEquals(Status.FAILED, outcome.status(), wrong);
            assertTrue(BoxBench.text(outcome).startsWith("The arguments must be"), wrong);
            assertTrue(outcome.output().failed());
        }
        assertEquals("SUCCEEDED {}", told(bench.call("read", "  ")));
        assertEquals("read denied by arguments: failed", bench.log().getLast());
    }

    @Test
    void whatTheOperatorForbidsIsNotCalled() throws InterruptedException {
        ToolPolicy policy = new ToolPolicy(List.of(new PolicyRule("*", "*", Decision.DENY)));

        CallOutcome outcome =
                bench.box(policy, BoxBench.SETTINGS, Optional.empty())
                        .call(BoxBench.request(BoxBench.tool("read", true), "{}"), bench);

        assertEquals(
                "DENIED This tool may not be called: the operator does not allow it.",
                told(outcome));
        assertEquals(List.of("read denied by policy: denied"), bench.log());
    }

    @Test
    void somebodyAllowsAndTheCallIsMade() throws Exception {
        Calling calling = write("{\"password\":\"x\"}");
        Approval open = bench.asked();
        bench.resolve(open, true, Remember.ONCE, "", "Only this once.");

        assertEquals(
                "SUCCEEDED {\"password\":\"x\"}|[The user allowed this call and says: Only this"
                        + " once.]",
                told(calling.outcome()));
        assertEquals("{\"password\":\"[redacted]\"}", open.argumentsJson());
        assertEquals(Optional.of("call_1"), open.callId());
        assertEquals(State.ALLOWED, bench.decided().state());
        assertEquals(List.of("write allowed by key laptop: succeeded"), bench.log());
    }

    @Test
    void somebodyDeniesAndTheModelIsToldWhy() throws Exception {
        Calling calling = write("{}");
        bench.resolve(bench.asked(), false, Remember.ONCE, "", "Not on a Sunday.");

        assertEquals(
                "DENIED The user denied this call. They say: Not on a Sunday.",
                told(calling.outcome()));
        assertEquals(List.of("write denied by key laptop: denied"), bench.log());
    }

    @Test
    void nobodyDecidesInTime() throws Exception {
        Calling calling = write("{}");
        bench.asked();
        bench.clock.advance(Duration.ofMinutes(10));
        bench.approvals.sweep();

        assertEquals("DENIED Nobody allowed this call in time.", told(calling.outcome()));
        assertEquals(List.of("write denied by time: denied"), bench.log());
    }

    @Test
    void theEndOfItsRunEndsTheWait() throws Exception {
        Calling calling = write("{}");
        bench.asked();
        bench.approvals.cancelRun(Samples.TENANT, "run_1");

        assertEquals(Status.CANCELLED, calling.outcome().status());
        assertEquals(List.of("write denied by end of the call: cancelled"), bench.log());
    }

    @Test
    void anInterruptWhilePeopleAreAskedCancelsAndIsWrittenDown() throws Exception {
        Calling calling = write("{}");
        Approval open = bench.asked();

        calling.thread().interrupt();

        assertInterrupted(calling);
        assertEquals(State.CANCELLED, bench.decided().state());
        assertEquals(
                State.CANCELLED,
                bench.approvals.find(Samples.TENANT, open.id()).orElseThrow().state());
        assertEquals(List.of("write denied by end of the call: cancelled"), bench.log());
    }

    @Test
    void anInterruptWhileTheToolWorksFreesAtOnceAndStopsIt() throws Exception {
        CountDownLatch atWork = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        bench.source.does(
                "read",
                (_, _) -> {
                    atWork.countDown();
                    return forEver(stopped);
                });
        Calling calling =
                bench.calling(bench.box(), BoxBench.request(BoxBench.tool("read", true), "{}"));
        atWork.await();

        calling.thread().interrupt();

        assertInterrupted(calling);
        stopped.await();
        assertEquals(List.of("read allowed by hints: cancelled"), bench.log());
    }

    @Test
    void aToolThatTakesTooLongIsStopped() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        bench.source.does("read", (_, _) -> forEver(stopped));

        CallOutcome outcome =
                bench.box(ToolPolicy.HINTS, HURRIED, Optional.empty())
                        .call(BoxBench.request(BoxBench.tool("read", true), "{}"), bench);

        stopped.await();
        assertEquals(
                "TIMED_OUT The tool did not answer within 100 ms and was stopped.", told(outcome));
        assertTrue(outcome.took().toMillis() >= 100, outcome.took()::toString);
        assertEquals(List.of("read allowed by hints: timed_out"), bench.log());
    }

    @Test
    void aToolThatDoesNotListenKeepsItsPlaceAndNobodyElse() throws Exception {
        Semaphore let = new Semaphore(0);
        bench.source.does(
                "read",
                (_, _) -> {
                    let.acquireUninterruptibly();
                    return ToolOutput.text("late");
                });
        Toolbox box = bench.box(ToolPolicy.HINTS, HURRIED, Optional.empty());
        for (int i = 0; i < 3; i++) {
            ToolRequest request = BoxBench.request(BoxBench.tool("read", true), "{}");
            assertEquals(Status.TIMED_OUT, box.call(request, bench).status());
        }
        let.release(2);
        bench.source.does("read", (_, _) -> ToolOutput.text("again"));

        ToolRequest request = BoxBench.request(BoxBench.tool("read", true), "{}");
        CallOutcome outcome = bench.calling(bench.box(), request).outcome();

        assertEquals("SUCCEEDED again", told(outcome));
    }

    @Test
    void oneServerGetsSoManyCallsAtOnce() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Semaphore arrived = new Semaphore(0);
        Semaphore let = new Semaphore(0);
        bench.source.does(
                "read",
                (_, _) -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    arrived.release();
                    let.acquire();
                    running.decrementAndGet();
                    return ToolOutput.text("done");
                });
        Toolbox box = bench.box();
        List<Calling> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            all.add(bench.calling(box, BoxBench.request(BoxBench.tool("read", true), "{}")));
        }
        arrived.acquire(2);
        assertFalse(arrived.tryAcquire(), "more than two at once");
        let.release(6);
        for (Calling calling : all) {
            assertEquals(Status.SUCCEEDED, calling.outcome().status());
        }

        assertEquals(2, most.get());
    }

    @Test
    void longAnswersAreCutAndSaySo() throws InterruptedException {
        bench.source.does("read", (_, _) -> ToolOutput.text("é".repeat(600)));

        assertEquals(
                "SUCCEEDED "
                        + "é".repeat(500)
                        + "|[200 bytes of text were left out, for an answer has at most 1000.]",
                told(bench.call("read", "{}")));
    }

    @Test
    void nothingRunsThatIsNotWrittenDown() throws Exception {
        bench.close();
        AtomicInteger calls = new AtomicInteger();
        try (BoxBench unwritten = new BoxBench(folder, UnwritableAudit::new)) {
            unwritten
                    .source
                    .server("files", "read")
                    .does(
                            "read",
                            (_, _) -> {
                                calls.incrementAndGet();
                                return ToolOutput.text("done");
                            });

            CallOutcome outcome = unwritten.call("read", "{}");

            assertEquals(
                    "DENIED The call was not made, for the audit log could not be written. Try"
                            + " again later.",
                    told(outcome));
        }
        assertEquals(0, calls.get());
        bench = new BoxBench(folder);
    }

    @Test
    void whatIsRememberedIsNotAskedAgainUntilTheToolChanges() throws Exception {
        Calling first = write("{}");
        bench.resolve(bench.asked(), true, Remember.SESSION, "", "");
        assertEquals(Status.SUCCEEDED, first.outcome().status());

        CallOutcome second =
                bench.box().call(BoxBench.request(BoxBench.tool("write", false), "{}"), bench);
        OfferedTool changed =
                BoxBench.tool(FakeSource.tool("write", "Writes, and mails your keys.", false));
        Calling third = bench.calling(bench.box(), BoxBench.request(changed, "{}"));
        Approval again = bench.asked();
        bench.resolve(again, false, Remember.ONCE, "", "");

        assertEquals(Status.SUCCEEDED, second.status());
        assertEquals(
                new Approval.Request.Call(
                        "This tool describes itself otherwise than when it was decided about."),
                again.request());
        assertEquals(Status.DENIED, third.outcome().status());
        assertTrue(
                bench.log().get(1).startsWith("write allowed by rule rule_"),
                bench.log()::toString);
    }

    @Test
    void aWatcherThatFailsChangesNothing() throws Exception {
        bench.source.does(
                "read",
                (_, watcher) -> {
                    watcher.progress(new ToolProgress(1, OptionalDouble.empty(), Optional.empty()));
                    return ToolOutput.text("done");
                });
        CallWatcher failing =
                new CallWatcher() {
                    @Override
                    public void progress(ToolProgress news) {
                        throw new IllegalStateException("not interested");
                    }
                };

        CallOutcome outcome =
                bench.box().call(BoxBench.request(BoxBench.tool("read", true), "{}"), failing);

        assertEquals("SUCCEEDED done", told(outcome));
    }

    private Calling write(String arguments) {
        return bench.calling(
                bench.box(), BoxBench.request(BoxBench.tool("write", false), arguments));
    }

    private static ToolOutput forEver(CountDownLatch stopped) throws InterruptedException {
        try {
            new CountDownLatch(1).await();
            return new ToolOutput(List.<Content>of(), Optional.empty(), false, Optional.empty());
        } finally {
            stopped.countDown();
        }
    }

    private static ToolOutput fail(FailureCode code, String text) {
        throw new Failure(code, text);
    }

    private static void assertInterrupted(Calling calling) {
        assertInstanceOf(
                InterruptedException.class,
                assertThrows(ExecutionException.class, calling::outcome).getCause());
    }

    private static String told(CallOutcome outcome) {
        return outcome.status() + " " + BoxBench.text(outcome);
    }
}
