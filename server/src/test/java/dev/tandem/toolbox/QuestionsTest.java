package dev.tandem.toolbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.approval.Approval;
import dev.tandem.approval.Approval.Remember;
import dev.tandem.approval.Approval.Request;
import dev.tandem.approval.Approval.State;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolReply;
import dev.tandem.toolbox.BoxBench.Calling;
import dev.tandem.toolbox.CallOutcome.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What servers want to know while they work.
@Timeout(30)
final class QuestionsTest {
    private static final ToolQuestion FORM = new ToolQuestion.Form("Who?", "{\"type\":\"object\"}");
    private static final ToolQuestion PAGE =
            new ToolQuestion.Page("Sign in", "https://a.example", "id_1");
    private static final ToolQuestion SAMPLING = new ToolQuestion.Sampling("Think", "{\"a\":1}");
    private static final Sampler ECHO = (_, params) -> "{\"of\":" + params + "}";

    @TempDir private Path folder;

    @SuppressWarnings("NullAway.Init") // before each test
    private BoxBench bench;

    @BeforeEach
    void open() {
        bench = new BoxBench(folder);
        bench.source.server("files", "ask");
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void peopleFillInAForm() throws Exception {
        Calling calling = ask(FORM, Optional.empty());
        Approval open = bench.asked();
        bench.resolve(open, true, Remember.ONCE, "{\"name\":\"Ada\"}", "");

        assertEquals(new Request.Form("Who?", "{\"type\":\"object\"}"), open.request());
        assertEquals("ACCEPT {\"name\":\"Ada\"}", BoxBench.text(calling.outcome()));
        assertEquals(State.ALLOWED, bench.decided().state());
    }

    @Test
    void peopleVisitAPage() throws Exception {
        Calling calling = ask(PAGE, Optional.empty());
        Approval open = bench.asked();
        bench.resolve(open, true, Remember.ONCE, "", "");

        assertEquals(new Request.Page("Sign in", "https://a.example"), open.request());
        assertEquals("ACCEPT ", BoxBench.text(calling.outcome()));
    }

    @Test
    void peopleDecline() throws Exception {
        Calling calling = ask(FORM, Optional.empty());
        bench.resolve(bench.asked(), false, Remember.ONCE, "", "");

        assertEquals("DECLINE ", BoxBench.text(calling.outcome()));
    }

    @Test
    void nobodyAnswersInTime() throws Exception {
        Calling calling = ask(FORM, Optional.empty());
        bench.asked();
        bench.clock.advance(Duration.ofMinutes(10));
        bench.approvals.sweep();

        assertEquals("CANCEL ", BoxBench.text(calling.outcome()));
    }

    @Test
    void aModelIsAskedOnceSomebodyAllowsIt() throws Exception {
        Calling calling = ask(SAMPLING, Optional.of(ECHO));
        Approval open = bench.asked();
        assertInstanceOf(Request.Sampling.class, open.request());
        bench.resolve(open, true, Remember.ONCE, "", "");

        assertEquals("ACCEPT {\"of\":{\"a\":1}}", BoxBench.text(calling.outcome()));
    }

    @Test
    void withoutAModelSamplingIsDeclined() throws Exception {
        assertEquals("DECLINE ", BoxBench.text(ask(SAMPLING, Optional.empty()).outcome()));
        assertTrue(bench.asked.isEmpty());
    }

    @Test
    void aModelThatFailsCancels() throws Exception {
        Sampler failing =
                (_, _) -> {
                    throw new Failure(FailureCode.OVERLOADED, "Not now.");
                };
        Calling calling = ask(SAMPLING, Optional.of(failing));
        bench.resolve(bench.asked(), true, Remember.ONCE, "", "");

        assertEquals("CANCEL ", BoxBench.text(calling.outcome()));
    }

    @Test
    void theCallerMayAnswerByItself() throws Exception {
        asksIn("ask", FORM);
        CallWatcher knowing =
                new CallWatcher() {
                    @Override
                    public Optional<ToolReply> answer(ToolQuestion question) {
                        return Optional.of(
                                new ToolReply(ToolReply.Action.ACCEPT, Optional.of("{\"own\":1}")));
                    }
                };

        CallOutcome outcome =
                bench.box().call(BoxBench.request(BoxBench.tool("ask", true), "{}"), knowing);

        assertEquals("ACCEPT {\"own\":1}", BoxBench.text(outcome));
    }

    @Test
    void theEndOfTheCallEndsItsQuestions() throws Exception {
        CompletableFuture<ToolReply> reply = new CompletableFuture<>();
        CountDownLatch answered = new CountDownLatch(1);
        bench.source.does(
                "ask",
                (_, watcher) -> {
                    Thread _ =
                            Thread.startVirtualThread(
                                    () -> {
                                        try {
                                            reply.complete(watcher.ask(FORM));
                                        } catch (InterruptedException stop) {
                                            reply.completeExceptionally(stop);
                                        }
                                    });
                    answered.await();
                    return ToolOutput.text("never mind");
                });
        Calling calling = calling(Optional.empty());
        Approval open = bench.asked();

        answered.countDown();

        assertEquals(Status.SUCCEEDED, calling.outcome().status());
        assertEquals(ToolReply.CANCELLED, reply.get(10, TimeUnit.SECONDS));
        assertEquals(
                State.CANCELLED, bench.approvals.find("ours", open.id()).orElseThrow().state());
    }

    @Test
    void oneCallAsksSoManyThingsAtOnce() throws Exception {
        BlockingQueue<ToolReply> replies = new LinkedBlockingQueue<>();
        CountDownLatch enough = new CountDownLatch(1);
        bench.source.does(
                "ask",
                (_, watcher) -> {
                    for (int i = 0; i < 9; i++) {
                        Thread _ =
                                Thread.startVirtualThread(
                                        () -> {
                                            try {
                                                replies.add(watcher.ask(FORM));
                                            } catch (InterruptedException stop) {
                                                Thread.currentThread().interrupt();
                                            }
                                        });
                    }
                    enough.await();
                    return ToolOutput.text("done");
                });
        Calling calling = calling(Optional.empty());
        for (int i = 0; i < 8; i++) {
            bench.asked();
        }

        assertEquals(ToolReply.DECLINED, replies.poll(10, TimeUnit.SECONDS));
        enough.countDown();
        assertEquals(Status.SUCCEEDED, calling.outcome().status());
    }

    @Test
    void theClockStandsStillWhilePeopleAreAsked() throws InterruptedException {
        AtomicLong now = new AtomicLong();
        CallClock clock = new CallClock(Duration.ofSeconds(10), now::get);

        now.addAndGet(Duration.ofSeconds(4).toNanos());
        clock.pause();
        clock.pause();
        now.addAndGet(Duration.ofMinutes(9).toNanos());
        clock.resume();
        now.addAndGet(Duration.ofMinutes(9).toNanos());
        clock.resume();
        now.addAndGet(Duration.ofSeconds(5).toNanos());

        assertEquals(Duration.ofSeconds(9), clock.taken());
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertEquals(false, clock.awaitEnd());
        clock.end();
        now.addAndGet(Duration.ofSeconds(5).toNanos());
        assertEquals(true, clock.awaitEnd());
        assertEquals(Duration.ofSeconds(10), clock.taken());
    }

    private Calling ask(ToolQuestion question, Optional<Sampler> sampler) {
        asksIn("ask", question);
        return calling(sampler);
    }

    private void asksIn(String tool, ToolQuestion question) {
        bench.source.does(
                tool,
                (_, watcher) -> {
                    ToolReply reply = watcher.ask(question);
                    return ToolOutput.text(reply.action() + " " + reply.contentJson().orElse(""));
                });
    }

    private Calling calling(Optional<Sampler> sampler) {
        return bench.calling(
                bench.box(ToolPolicy.HINTS, BoxBench.SETTINGS, sampler),
                BoxBench.request(BoxBench.tool("ask", true), "{}"));
    }
}
