package dev.tandem.approval;

import static dev.tandem.storage.Samples.NOON;
import static dev.tandem.storage.Samples.OTHERS;
import static dev.tandem.storage.Samples.TENANT;
import static dev.tandem.storage.ToolSamples.CALL;
import static dev.tandem.storage.ToolSamples.SCOPE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.approval.Approval.Remember;
import dev.tandem.approval.Approval.Request;
import dev.tandem.approval.Approval.State;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.id.Ids;
import dev.tandem.page.PageRequest;
import dev.tandem.storage.ToolSamples;
import dev.tandem.testing.HandClock;
import dev.tandem.tool.ToolScope;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How people are asked and waited for, over a store that is real.
@Timeout(30)
public abstract class ApprovalsContract {
    private static final int RESOLVERS = 50;
    private static final Answer ALLOW = answer(true, Remember.ONCE);
    private static final Answer DENY = answer(false, Remember.ONCE);

    private final HandClock clock = new HandClock(NOON);
    private final Told told = new Told();

    @SuppressWarnings("NullAway.Init") // before each test
    private Approvals approvals;

    protected abstract ApprovalStore store();

    @BeforeEach
    void start() {
        approvals = started();
    }

    /// As after a restart: what is in memory is gone.
    private Approvals started() {
        Approvals fresh =
                new Approvals(
                        store(),
                        ApprovalSettings.DEFAULTS,
                        new Ids(clock, new SecureRandom()),
                        clock,
                        told);
        fresh.recover();
        return fresh;
    }

    @Test
    void theCallThatWaitsGoesOnWithTheDecision() throws Exception {
        FutureTask<Approval> call = ask("{}", CALL);
        Approval open = told.asked();

        Approval resolved = approvals.resolve(TENANT, open.id(), ALLOW);

        assertEquals(State.ALLOWED, call.get().state());
        assertEquals(resolved, call.get());
        assertEquals(Optional.of("laptop"), resolved.decision().orElseThrow().by());
        assertEquals(resolved, told.decided());
    }

    @Test
    void ofFiftyWhoDecideOneWins() throws Exception {
        FutureTask<Approval> call = ask("{}", CALL);
        String id = told.asked().id();
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger conflicts = new AtomicInteger();
        List<Thread> resolvers = new ArrayList<>();
        for (int i = 0; i < RESOLVERS; i++) {
            Answer answer = i % 2 == 0 ? ALLOW : DENY;
            resolvers.add(
                    Thread.startVirtualThread(
                            () -> {
                                try {
                                    go.await();
                                    approvals.resolve(TENANT, id, answer);
                                } catch (Failure refused) {
                                    assertEquals(FailureCode.CONFLICT, refused.code());
                                    conflicts.incrementAndGet();
                                } catch (InterruptedException stop) {
                                    Thread.currentThread().interrupt();
                                }
                            }));
        }
        go.countDown();
        for (Thread resolver : resolvers) {
            resolver.join();
        }

        State won = call.get().state();
        assertTrue(won == State.ALLOWED || won == State.DENIED, won::name);
        assertEquals(RESOLVERS / 2, conflicts.get());
        assertEquals(call.get(), told.decided());
        assertTrue(told.nothingMore());
        assertEquals(won, approvals.find(TENANT, id).orElseThrow().state());
    }

    @Test
    void theSameDecisionAgainIsNoConflict() throws Exception {
        FutureTask<Approval> call = ask("{}", CALL);
        String id = told.asked().id();
        Approval first = approvals.resolve(TENANT, id, DENY);

        assertEquals(first, approvals.resolve(TENANT, id, DENY));
        Failure refused = assertThrows(Failure.class, () -> approvals.resolve(TENANT, id, ALLOW));
        assertEquals(FailureCode.CONFLICT, refused.code());
        assertEquals(
                "The approval " + id + " was denied by the key laptop; this changes nothing.",
                refused.text());
        assertEquals(State.DENIED, call.get().state());
    }

    @Test
    void anInterruptFreesAtOnceAndCancels() throws Exception {
        FutureTask<Approval> call = new FutureTask<>(() -> approvals.ask(inquiry("{}"), told));
        Thread caller = Thread.startVirtualThread(call);
        Approval open = told.asked();

        caller.interrupt();

        assertInstanceOf(
                InterruptedException.class,
                assertThrows(ExecutionException.class, call::get).getCause());
        assertEquals(State.CANCELLED, told.decided().state());
        assertEquals(State.CANCELLED, approvals.find(TENANT, open.id()).orElseThrow().state());
        Failure late =
                assertThrows(Failure.class, () -> approvals.resolve(TENANT, open.id(), ALLOW));
        assertEquals(FailureCode.CONFLICT, late.code());
    }

    @Test
    void aServerThatStopsLeavesItsCallsOpen() throws Exception {
        FutureTask<Approval> call = new FutureTask<>(() -> approvals.ask(inquiry("{}"), told));
        Thread caller = Thread.startVirtualThread(call);
        Approval open = told.asked();
        told.asked();

        approvals.letGo();
        caller.interrupt();
        assertThrows(ExecutionException.class, call::get);
        approvals = started();
        approvals.resolve(TENANT, open.id(), ALLOW);

        assertEquals(open.id(), approvals.ask(inquiry("{}"), told).id());
    }

    @Test
    void theEndOfARunCancelsWhatItAsked() throws Exception {
        FutureTask<Approval> one = ask("{\"n\":1}", CALL);
        FutureTask<Approval> two = ask("{\"n\":2}", CALL);
        told.asked();
        told.asked();

        approvals.cancelRun(TENANT, "run_1");

        assertEquals(State.CANCELLED, one.get().state());
        assertEquals(State.CANCELLED, two.get().state());
    }

    @Test
    void timeDecidesWhereNobodyDoes() throws Exception {
        FutureTask<Approval> call = ask("{}", CALL);
        Approval open = told.asked();
        assertEquals(NOON.plus(Duration.ofMinutes(10)), open.expiresAt());

        clock.advance(Duration.ofMinutes(10).minusMillis(1));
        approvals.sweep();
        assertTrue(told.nothingMore());
        clock.advance(Duration.ofMillis(1));
        Failure late =
                assertThrows(Failure.class, () -> approvals.resolve(TENANT, open.id(), ALLOW));

        assertEquals(State.EXPIRED, call.get().state());
        assertEquals(FailureCode.CONFLICT, late.code());
        assertEquals(State.EXPIRED, told.decided().state());
    }

    @Test
    void whatExpiredWhileTheServerWasDownIsSweptAtStartAndAtReading() {
        store().open(ToolSamples.approval(SCOPE, CALL), ToolSamples.MARK, 9);
        clock.advance(Duration.ofMinutes(10));
        approvals = started();
        assertEquals(State.EXPIRED, only().state());

        Approval second = ToolSamples.approval(SCOPE, CALL);
        store().open(second, ToolSamples.MARK, 9);

        assertEquals(State.EXPIRED, approvals.find(TENANT, second.id()).orElseThrow().state());
    }

    @Test
    void aDecisionMadeAfterARestartCountsForTheNextSameCallOnce() throws Exception {
        Approval left = leftByACrash("{\"a\":1}");
        approvals.resolve(TENANT, left.id(), ALLOW);

        FutureTask<Approval> other = ask("{\"a\":2}", CALL);
        approvals.resolve(TENANT, told.asked().id(), DENY);
        Approval granted = approvals.ask(inquiry("{\"a\":1}"), told);
        FutureTask<Approval> again = ask("{\"a\":1}", CALL);
        Approval asked = told.asked();
        approvals.resolve(TENANT, asked.id(), DENY);

        assertEquals(State.DENIED, other.get().state());
        assertEquals(left.id(), granted.id());
        assertEquals(State.ALLOWED, granted.state());
        assertEquals(State.DENIED, again.get().state());
    }

    @Test
    void aCallThatIsMadeAgainAfterARestartTakesUpItsApproval() throws Exception {
        Approval left = leftByACrash("{\"a\":1}");

        FutureTask<Approval> call = ask("{\"a\":1}", CALL);
        FutureTask<Approval> twin = ask("{\"a\":1}", CALL);
        String first = told.asked().id();
        String second = told.asked().id();

        assertTrue(first.equals(left.id()) || second.equals(left.id()), "it was asked anew");
        assertTrue(!first.equals(second), "two calls wait for one approval");
        approvals.resolve(TENANT, first, ALLOW);
        approvals.resolve(TENANT, second, ALLOW);
        assertEquals(State.ALLOWED, call.get().state());
        assertEquals(State.ALLOWED, twin.get().state());
    }

    @Test
    void questionsOfServersEndWithTheServer() {
        store().open(
                        ToolSamples.approval(SCOPE, new Request.Form("Who?", "{}")),
                        ToolSamples.MARK,
                        9);

        approvals = started();

        assertEquals(State.CANCELLED, only().state());
    }

    @Test
    void anAnswerMustFitItsQuestion() {
        Approval call = opened(SCOPE, CALL);
        Approval form = opened(SCOPE, new Request.Form("Who?", "{}"));
        ToolScope alone =
                new ToolScope(
                        TENANT,
                        "phone",
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        Approval outside = opened(alone, CALL);

        assertEquals("remember", refused(outside, answer(true, Remember.SESSION)));
        assertEquals("remember", refused(outside, answer(true, Remember.PROJECT)));
        assertEquals("remember", refused(form, answer(false, Remember.SESSION)));
        assertEquals("content_json", refused(form, ALLOW));
        assertEquals("content_json", refused(form, filled("[1]")));
        assertEquals("content_json", refused(form, filled("{")));
        assertEquals("content_json", refused(call, filled("{}")));
        assertEquals(
                State.ALLOWED,
                approvals.resolve(TENANT, form.id(), filled("{\"name\":\"Ada\"}")).state());
        assertEquals("approval_id", refused(ToolSamples.approval(SCOPE, CALL), ALLOW));
        assertThrows(Failure.class, () -> approvals.resolve(OTHERS, call.id(), ALLOW));
    }

    private Approval opened(ToolScope scope, Request request) {
        Approval approval = ToolSamples.approval(scope, request);
        store().open(approval, ToolSamples.MARK, 9);
        return approval;
    }

    /// A call that waited when its server was killed.
    private Approval leftByACrash(String arguments) {
        Approval approval = ToolSamples.approval(SCOPE, CALL);
        store().open(approval, inquiry(arguments).mark(), 9);
        approvals = started();
        return approval;
    }

    private String refused(Approval approval, Answer answer) {
        return assertThrows(Failure.class, () -> approvals.resolve(TENANT, approval.id(), answer))
                .param()
                .orElse("");
    }

    private Approval only() {
        PageRequest page = new PageRequest(9, Optional.empty());
        return approvals.list(TENANT, ApprovalQuery.ALL, page).items().getFirst();
    }

    private FutureTask<Approval> ask(String arguments, Request request) {
        Approvals asked = approvals;
        FutureTask<Approval> call =
                new FutureTask<>(
                        () ->
                                asked.ask(
                                        ToolSamples.inquiry(SCOPE, arguments, request),
                                        ApprovalFeed.NONE));
        Thread _ = Thread.startVirtualThread(call);
        return call;
    }

    private static Inquiry inquiry(String arguments) {
        return ToolSamples.inquiry(SCOPE, arguments, CALL);
    }

    private static Answer answer(boolean allow, Remember remember) {
        return new Answer(allow, "laptop", remember, Optional.empty(), Optional.empty());
    }

    private static Answer filled(String content) {
        return new Answer(true, "laptop", Remember.ONCE, Optional.of(content), Optional.empty());
    }

    /// What the feed has told.
    private static final class Told implements ApprovalFeed {
        private final BlockingQueue<Approval> asked = new LinkedBlockingQueue<>();
        private final BlockingQueue<Approval> decided = new LinkedBlockingQueue<>();

        @Override
        public void asked(Approval open) {
            asked.add(open);
        }

        @Override
        public void decided(Approval closed) {
            decided.add(closed);
        }

        Approval asked() throws InterruptedException {
            return Optional.ofNullable(asked.poll(10, TimeUnit.SECONDS)).orElseThrow();
        }

        Approval decided() throws InterruptedException {
            return Optional.ofNullable(decided.poll(10, TimeUnit.SECONDS)).orElseThrow();
        }

        boolean nothingMore() {
            return decided.isEmpty();
        }
    }
}
