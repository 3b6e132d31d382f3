package dev.tandem.approval;

import static dev.tandem.storage.Samples.LATER;
import static dev.tandem.storage.Samples.NOON;
import static dev.tandem.storage.Samples.OTHERS;
import static dev.tandem.storage.Samples.TENANT;
import static dev.tandem.storage.ToolSamples.CALL;
import static dev.tandem.storage.ToolSamples.MARK;
import static dev.tandem.storage.ToolSamples.SCOPE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.approval.Approval.Remember;
import dev.tandem.approval.Approval.Request;
import dev.tandem.approval.Approval.State;
import dev.tandem.approval.ApprovalStore.Closed;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.page.PageToken;
import dev.tandem.storage.ToolSamples;
import dev.tandem.tool.ToolScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What every store of approvals and rules does.
public abstract class ApprovalStoreContract {
    private static final int MANY = 100;
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    protected abstract ApprovalStore store();

    protected abstract ToolRuleStore rules();

    @Test
    void findsWhatItWasGiven() {
        for (Request request :
                List.of(
                        CALL,
                        new Request.Form("Who?", "{\"type\":\"object\"}"),
                        new Request.Page("Sign in", "https://a.example"),
                        new Request.Sampling("Think", "{}"))) {
            Approval open = open(SCOPE, request);

            assertEquals(Optional.of(open), store().find(TENANT, open.id()));
            assertEquals(Optional.empty(), store().find(OTHERS, open.id()));
        }
        Approval bare = open(new ToolScope(TENANT, "phone", false, none(), none(), none()), CALL);
        assertEquals(Optional.of(bare), store().find(TENANT, bare.id()));
    }

    @Test
    void isDecidedOnce() {
        Approval open = open(SCOPE, CALL);

        Closed first = close(open, State.ALLOWED, Remember.ONCE).orElseThrow();
        Closed second = close(open, State.DENIED, Remember.SESSION).orElseThrow();

        assertTrue(first.ours());
        assertFalse(second.ours());
        assertEquals(first.approval(), second.approval());
        assertEquals(
                Optional.of(ToolSamples.decision(State.ALLOWED, Remember.ONCE, LATER)),
                second.approval().decision());
        assertEquals(List.of(), rules().of(SCOPE, "files", "write"));
    }

    @Test
    void anothersIsNotThere() {
        Approval open = open(SCOPE, CALL);

        assertEquals(
                Optional.empty(),
                store().close(
                                OTHERS,
                                open.id(),
                                ToolSamples.decision(State.ALLOWED, Remember.ONCE, LATER),
                                "rule_1",
                                _ -> true));
        assertEquals(List.of(), list(OTHERS, ApprovalQuery.ALL, 10, none()).items());
        assertEquals(State.PENDING, state(open));
    }

    @Test
    void listsNewestFirstByStateSessionAndRun() {
        List<Approval> made = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            made.addFirst(open(SCOPE, CALL));
        }
        Approval other =
                open(ToolSamples.scope(TENANT, Optional.of("sess_2"), Optional.of("run_2")), CALL);
        close(made.get(1), State.DENIED, Remember.ONCE);

        Page<Approval> first = list(TENANT, bySession("sess_1"), 3, none());
        Page<Approval> second =
                list(TENANT, bySession("sess_1"), 3, first.next().map(PageToken::text));

        assertEquals(ids(made.subList(0, 3)), ids(first.items()));
        assertEquals(ids(made.subList(3, 4)), ids(second.items()));
        assertEquals(Optional.empty(), second.next());
        assertEquals(
                List.of(other.id()),
                ids(
                        list(
                                        TENANT,
                                        new ApprovalQuery(none(), none(), Optional.of("run_2")),
                                        9,
                                        none())
                                .items()));
        assertEquals(
                List.of(made.get(1).id()),
                ids(
                        list(
                                        TENANT,
                                        new ApprovalQuery(
                                                Optional.of(State.DENIED), none(), none()),
                                        9,
                                        none())
                                .items()));
        assertThrows(
                Failure.class,
                () -> list(TENANT, bySession("sess_2"), 3, first.next().map(PageToken::text)));
    }

    @Test
    void whatIsOverdueExpiresAndCannotBeDecided() {
        Approval open = open(SCOPE, CALL);
        Approval late = open(SCOPE, CALL);

        assertEquals(List.of(), store().expire(NOON.plus(TIMEOUT).minusMillis(1)));
        Closed closed =
                store().close(
                                TENANT,
                                late.id(),
                                ToolSamples.decision(
                                        State.ALLOWED, Remember.SESSION, NOON.plus(TIMEOUT)),
                                "rule_1",
                                _ -> true)
                        .orElseThrow();
        List<Approval> expired = store().expire(NOON.plus(TIMEOUT));

        assertEquals(State.EXPIRED, closed.approval().state());
        assertTrue(closed.ours());
        assertEquals(List.of(open.id()), ids(expired));
        assertEquals(State.EXPIRED, state(open));
        assertEquals(List.of(), rules().of(SCOPE, "files", "write"));
    }

    @Test
    void questionsOfServersAreCancelledAndCallsAreNot() {
        Approval call = open(SCOPE, CALL);
        Approval form = open(SCOPE, new Request.Form("Who?", "{}"));

        assertEquals(List.of(form.id()), ids(store().cancelQuestions(LATER)));
        assertEquals(State.CANCELLED, state(form));
        assertEquals(State.PENDING, state(call));
    }

    @Test
    void aTenantHasSoManyOpen() {
        Approval first = ToolSamples.approval(SCOPE, CALL);
        store().open(first, MARK, 2);
        store().open(ToolSamples.approval(SCOPE, CALL), MARK, 2);

        Failure refused =
                assertThrows(
                        Failure.class,
                        () -> store().open(ToolSamples.approval(SCOPE, CALL), MARK, 2));
        store().open(
                        ToolSamples.approval(ToolSamples.scope(OTHERS, none(), none()), CALL),
                        MARK,
                        2);
        close(first, State.DENIED, Remember.ONCE);
        store().open(ToolSamples.approval(SCOPE, CALL), MARK, 2);

        assertEquals(FailureCode.OVERLOADED, refused.code());
    }

    @Test
    void forgetsWhatIsOld() {
        Approval open = open(SCOPE, CALL);
        Approval decided = open(SCOPE, CALL);
        close(decided, State.ALLOWED, Remember.ONCE);

        assertEquals(0, store().forget(LATER));
        assertEquals(1, store().forget(LATER.plusMillis(1)));
        assertEquals(Optional.empty(), store().find(TENANT, decided.id()));
        assertEquals(State.PENDING, state(open));
    }

    @Test
    void remembersForASessionOrAProject() {
        close(open(SCOPE, CALL), State.ALLOWED, Remember.SESSION, "rule_1");
        close(open(SCOPE, CALL), State.DENIED, Remember.PROJECT, "rule_2");

        List<ToolRule> both = rules().of(SCOPE, "files", "write");
        ToolScope elsewhere = ToolSamples.scope(TENANT, Optional.of("sess_2"), none());

        assertEquals(List.of("rule_1", "rule_2"), both.stream().map(ToolRule::id).toList());
        assertTrue(both.getFirst().allow());
        assertFalse(both.getLast().allow());
        assertEquals(Optional.of("sess_1"), both.getFirst().sessionId());
        assertEquals(Optional.empty(), both.getFirst().projectId());
        assertEquals("definition", both.getFirst().definitionHash());
        assertEquals("laptop", both.getFirst().madeBy());
        assertEquals(List.of(both.getLast()), rules().of(elsewhere, "files", "write"));
        assertEquals(List.of(), rules().of(SCOPE, "files", "read"));
        assertEquals(
                List.of(), rules().of(ToolSamples.scope(OTHERS, none(), none()), "files", "write"));
    }

    @Test
    void aLaterDecisionReplacesTheEarlier() {
        close(open(SCOPE, CALL), State.ALLOWED, Remember.SESSION, "rule_1");
        close(open(SCOPE, CALL), State.DENIED, Remember.SESSION, "rule_2");

        List<ToolRule> left = rules().of(SCOPE, "files", "write");

        assertEquals(List.of("rule_2"), left.stream().map(ToolRule::id).toList());
    }

    @Test
    void rulesAreListedAndForgotten() {
        close(open(SCOPE, CALL), State.ALLOWED, Remember.SESSION, "rule_1");
        close(open(SCOPE, CALL), State.DENIED, Remember.PROJECT, "rule_2");
        ToolRuleQuery all = new ToolRuleQuery(none(), none());
        ToolRuleQuery session = new ToolRuleQuery(Optional.of("sess_1"), none());

        assertEquals(List.of("rule_2", "rule_1"), listed(TENANT, all));
        assertEquals(List.of("rule_1"), listed(TENANT, session));
        assertEquals(
                List.of("rule_2"),
                listed(TENANT, new ToolRuleQuery(none(), Optional.of("proj_1"))));
        assertEquals(List.of(), listed(OTHERS, all));
        assertFalse(rules().delete(OTHERS, "rule_1"));
        assertTrue(rules().delete(TENANT, "rule_1"));
        assertFalse(rules().delete(TENANT, "rule_1"));
        assertEquals(List.of("rule_2"), listed(TENANT, all));
    }

    @Test
    void aDecisionNobodyWaitedForServesTheSameCallOnce() {
        Approval open = open(SCOPE, CALL);
        Approval fresh = ToolSamples.approval(SCOPE, CALL);
        store().close(
                        TENANT,
                        open.id(),
                        ToolSamples.decision(State.ALLOWED, Remember.ONCE, LATER),
                        "rule_1",
                        _ -> false);

        assertEquals(none(), takeUp(fresh, new CallMark("other", "definition")));
        assertEquals(none(), takeUp(fresh, new CallMark("arguments", "other")));
        assertEquals(
                none(),
                takeUp(
                        ToolSamples.approval(
                                ToolSamples.scope(TENANT, Optional.of("sess_2"), none()), CALL),
                        MARK));
        assertEquals(
                none(),
                store().takeUp(fresh, MARK, NOON.plus(TIMEOUT), _ -> true).map(Approval::id));
        assertEquals(Optional.of(open.id()), takeUp(fresh, MARK));
        assertEquals(none(), takeUp(fresh, MARK));
    }

    @Test
    void aDecisionThatWasWaitedForServesNoOtherCall() {
        close(open(SCOPE, CALL), State.ALLOWED, Remember.ONCE);

        assertEquals(none(), takeUp(ToolSamples.approval(SCOPE, CALL), MARK));
    }

    @Test
    void anOpenOneBecomesTheSameCallsUnlessItIsWaitedFor() {
        Approval open = open(SCOPE, CALL);
        ToolScope next = ToolSamples.scope(TENANT, Optional.of("sess_1"), Optional.of("run_2"));
        Approval fresh = ToolSamples.approval(next, CALL);

        assertEquals(none(), store().takeUp(fresh, MARK, LATER, _ -> false).map(Approval::id));
        Approval taken = store().takeUp(fresh, MARK, LATER, _ -> true).orElseThrow();

        assertEquals(open.id(), taken.id());
        assertEquals(Optional.of("run_2"), taken.runId());
        assertEquals(State.PENDING, taken.state());
    }

    private Approval open(ToolScope scope, Request request) {
        Approval approval = ToolSamples.approval(scope, request);
        store().open(approval, MARK, MANY);
        return approval;
    }

    private Optional<Closed> close(Approval open, State state, Remember remember) {
        return close(open, state, remember, "rule_0");
    }

    private Optional<Closed> close(Approval open, State state, Remember remember, String rule) {
        return store().close(
                        TENANT,
                        open.id(),
                        ToolSamples.decision(state, remember, LATER),
                        rule,
                        _ -> true);
    }

    private Optional<String> takeUp(Approval fresh, CallMark mark) {
        return store().takeUp(fresh, mark, LATER, _ -> true).map(Approval::id);
    }

    private State state(Approval approval) {
        return store().find(TENANT, approval.id()).orElseThrow().state();
    }

    private Page<Approval> list(
            String tenant, ApprovalQuery query, int size, Optional<String> token) {
        return store().list(tenant, query, PageRequest.of(Optional.of(size), token, query.list()));
    }

    private List<String> listed(String tenant, ToolRuleQuery query) {
        return rules().list(tenant, query, new PageRequest(9, Optional.empty())).items().stream()
                .map(ToolRule::id)
                .toList();
    }

    private static ApprovalQuery bySession(String id) {
        return new ApprovalQuery(none(), Optional.of(id), none());
    }

    private static List<String> ids(List<Approval> approvals) {
        return approvals.stream().map(Approval::id).toList();
    }

    private static <T> Optional<T> none() {
        return Optional.empty();
    }
}
