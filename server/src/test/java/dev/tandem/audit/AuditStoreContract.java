package dev.tandem.audit;

import static dev.tandem.storage.Samples.LATER;
import static dev.tandem.storage.Samples.NOON;
import static dev.tandem.storage.Samples.OTHERS;
import static dev.tandem.storage.Samples.TENANT;
import static dev.tandem.storage.ToolSamples.SCOPE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.failure.Failure;
import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.page.PageToken;
import dev.tandem.storage.ToolSamples;
import dev.tandem.tool.ToolScope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What every store of the audit log does.
public abstract class AuditStoreContract {
    private static final Ruling ALLOWED = new Ruling(true, "key laptop");
    private static final AuditOutcome DONE = outcome(Status.SUCCEEDED, Optional.empty());

    protected abstract AuditStore store();

    @Test
    void twoRowsBecomeOneEntry() {
        AuditCall call = ToolSamples.auditCall(SCOPE, "call_1");
        long seq = store().decided(call, new Ruling(false, "policy"), NOON);
        store().ended(seq, call, outcome(Status.DENIED, Optional.of("not allowed")), LATER);

        AuditEntry entry = list(AuditQuery.ALL).getFirst();

        assertEquals(
                new AuditEntry(
                        seq,
                        call,
                        new Ruling(false, "policy"),
                        NOON,
                        Status.DENIED,
                        Optional.of(
                                new AuditEntry.Outcome(
                                        Duration.ofMillis(12), Optional.of("not allowed"), LATER))),
                entry);
    }

    @Test
    void whatHasNotEndedRunsOrIsLost() {
        long lost = store().decided(ToolSamples.auditCall(SCOPE, "call_1"), ALLOWED, NOON);
        long running = store().decided(ToolSamples.auditCall(SCOPE, "call_2"), ALLOWED, NOON);

        List<AuditEntry> entries = page(TENANT, AuditQuery.ALL, 9, Optional.empty(), lost).items();

        assertEquals(Status.RUNNING, entries.getFirst().status());
        assertEquals(Status.LOST, entries.getLast().status());
        assertEquals(List.of(running), seqs(with(Status.RUNNING), lost));
        assertEquals(List.of(lost), seqs(with(Status.LOST), lost));
    }

    @Test
    void listsNewestFirstInPages() {
        List<Long> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.addFirst(call(SCOPE, NOON));
        }
        call(ToolSamples.scope(OTHERS, Optional.empty(), Optional.empty()), NOON);

        Page<AuditEntry> first = page(TENANT, AuditQuery.ALL, 3, Optional.empty(), 0);
        Page<AuditEntry> second =
                page(TENANT, AuditQuery.ALL, 3, first.next().map(PageToken::text), 0);

        assertEquals(
                made,
                Stream.of(first, second)
                        .flatMap(page -> page.items().stream())
                        .map(AuditEntry::seq)
                        .toList());
        assertEquals(Optional.empty(), second.next());
        assertEquals(1, page(OTHERS, AuditQuery.ALL, 9, Optional.empty(), 0).items().size());
        assertThrows(
                Failure.class,
                () ->
                        page(
                                TENANT,
                                AuditQuery.ALL,
                                3,
                                Optional.of(new PageToken(AuditQuery.ALL.list(), "x").text()),
                                0));
    }

    @Test
    void filtersByEverything() {
        long here = call(SCOPE, NOON);
        ToolScope elsewhere =
                new ToolScope(
                        TENANT,
                        "phone",
                        false,
                        Optional.of("proj_2"),
                        Optional.of("sess_2"),
                        Optional.of("run_2"));
        long there = call(elsewhere, LATER);

        assertEquals(List.of(here), seqs(query("sess_1", "", "", "", ""), 0));
        assertEquals(List.of(there), seqs(query("", "proj_2", "", "", ""), 0));
        assertEquals(List.of(here), seqs(query("", "", "run_1", "", ""), 0));
        assertEquals(List.of(there, here), seqs(query("", "", "", "files", "write"), 0));
        assertEquals(List.of(), seqs(query("", "", "", "other", ""), 0));
        assertEquals(List.of(), seqs(query("", "", "", "", "read"), 0));
        assertEquals(List.of(there, here), seqs(with(Status.SUCCEEDED), 0));
        assertEquals(List.of(), seqs(with(Status.FAILED), 0));
        assertEquals(List.of(there), seqs(between(LATER, LATER.plusMillis(1)), 0));
        assertEquals(List.of(here), seqs(between(NOON, LATER), 0));
    }

    @Test
    void theChainIsSoundAndGapFree() {
        for (int i = 0; i < 3; i++) {
            call(SCOPE, NOON);
        }

        AuditCheck.Result result = new AuditCheck(store(), Optional.empty()).run();

        assertEquals(Optional.empty(), result.problem());
        assertEquals(store().head(), result.head());
        assertEquals(6, result.head().seq());
        assertEquals(
                List.of(1L, 2L, 3L, 4L, 5L, 6L),
                store().rows(0, 9).stream().map(ChainedRow::seq).toList());
    }

    @Test
    void manyAtOnceMakeOneChain() throws InterruptedException {
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            callers.add(Thread.startVirtualThread(() -> call(SCOPE, NOON)));
        }
        for (Thread caller : callers) {
            caller.join();
        }

        assertEquals(80, new AuditCheck(store(), Optional.empty()).run().head().seq());
    }

    @Test
    void anAnchorMustStillBeThere() {
        call(SCOPE, NOON);
        AuditHead anchor = store().head();
        call(SCOPE, NOON);

        assertEquals(Optional.empty(), check(anchor).problem());
        assertEquals(
                "it is not the row of the anchor",
                check(new AuditHead(2, "0".repeat(64))).problem().orElseThrow().why());
        assertEquals(
                new AuditCheck.Problem(5, "it is missing; the anchor is 9"),
                check(new AuditHead(9, "0".repeat(64))).problem().orElseThrow());
    }

    private AuditCheck.Result check(AuditHead anchor) {
        return new AuditCheck(store(), Optional.of(anchor)).run();
    }

    private long call(ToolScope scope, Instant at) {
        AuditCall call = ToolSamples.auditCall(scope, "call_1");
        long seq = store().decided(call, ALLOWED, at);
        store().ended(seq, call, DONE, at);
        return seq;
    }

    private List<AuditEntry> list(AuditQuery query) {
        return page(TENANT, query, 9, Optional.empty(), 0).items();
    }

    private List<Long> seqs(AuditQuery query, long startedAt) {
        return page(TENANT, query, 9, Optional.empty(), startedAt).items().stream()
                .map(AuditEntry::seq)
                .toList();
    }

    private Page<AuditEntry> page(
            String tenant, AuditQuery query, int size, Optional<String> token, long startedAt) {
        return store().list(
                        tenant,
                        query,
                        PageRequest.of(Optional.of(size), token, query.list()),
                        startedAt);
    }

    private static AuditOutcome outcome(Status status, Optional<String> error) {
        return new AuditOutcome(status, Duration.ofMillis(12), error);
    }

    private static AuditQuery with(Status status) {
        return new AuditQuery(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(status),
                Optional.empty(),
                Optional.empty());
    }

    private static AuditQuery between(Instant from, Instant to) {
        return new AuditQuery(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(from),
                Optional.of(to));
    }

    private static AuditQuery query(
            String session, String project, String run, String server, String tool) {
        return new AuditQuery(
                given(session),
                given(project),
                given(run),
                given(server),
                given(tool),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static Optional<String> given(String text) {
        return Optional.of(text).filter(some -> !some.isEmpty());
    }
}
