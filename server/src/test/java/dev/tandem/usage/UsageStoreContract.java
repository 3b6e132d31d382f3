package dev.tandem.usage;

import static dev.tandem.storage.Samples.OTHERS;
import static dev.tandem.storage.Samples.TENANT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.conversation.Usage;
import dev.tandem.run.RunEvent.Bill;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunRecord;
import dev.tandem.run.RunStore;
import dev.tandem.session.Session;
import dev.tandem.session.SessionStore;
import dev.tandem.storage.PastRun;
import dev.tandem.storage.Samples;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What every [UsageStore] does.
public abstract class UsageStoreContract {
    /// 100 tokens.
    private static final Usage HUNDRED = new Usage(10, 20, 30, 40, 25, 15);

    /// 10 tokens.
    private static final Usage TEN = new Usage(1, 2, 3, 4, 2, 1);

    private static final Usage BOTH = new Usage(11, 22, 33, 44, 27, 16);
    private static final Period NOVEMBER = period("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z");

    protected abstract SessionStore sessions();

    protected abstract RunStore runs();

    protected abstract UsageStore usage();

    @Test
    void addsUpByDayInOrder() {
        store(
                PastRun.at("2026-11-24T12:00:00Z").used(TEN, 5),
                PastRun.at("2026-11-22T23:59:59.999Z").used(HUNDRED, 1_000),
                PastRun.at("2026-11-24T00:00:00Z").used(HUNDRED, 1_000));

        assertEquals(
                new UsageByGroup(
                        List.of(
                                group("2026-11-22", new UsageTotals(1, 0, 0, HUNDRED, 1_000)),
                                group("2026-11-24", new UsageTotals(2, 0, 0, BOTH, 1_005))),
                        new UsageTotals(3, 0, 0, new Usage(21, 42, 63, 84, 52, 31), 2_005),
                        false),
                usage().byGroup(TENANT, Grouping.DAY, NOVEMBER, 10));
    }

    @ParameterizedTest
    @CsvSource({
        "MODEL, opus, sonnet",
        "PROVIDER, anthropic, other",
        "PROJECT, proj_a, proj_b",
        "SESSION, sess_a, sess_b",
        "KEY, laptop, phone",
    })
    void putsTheGroupFirstThatUsedTheMost(Grouping grouping, String most, String least) {
        store(
                PastRun.at("2026-11-20T00:00:00Z")
                        .with("sonnet", "other")
                        .in("proj_b", "sess_b")
                        .by("phone")
                        .used(TEN, 9_000),
                PastRun.at("2026-11-21T00:00:00Z")
                        .with("opus", "anthropic")
                        .in("proj_a", "sess_a")
                        .by("laptop")
                        .used(HUNDRED, 1_000));

        assertEquals(
                new UsageByGroup(
                        List.of(
                                group(most, new UsageTotals(1, 0, 0, HUNDRED, 1_000)),
                                group(least, new UsageTotals(1, 0, 0, TEN, 9_000))),
                        new UsageTotals(2, 0, 0, BOTH, 10_000),
                        false),
                usage().byGroup(TENANT, grouping, NOVEMBER, 10));
    }

    @Test
    void putsEqualGroupsInTheOrderOfTheirKeys() {
        store(
                PastRun.at("2026-11-20T00:00:00Z").by("b").used(TEN, 1),
                PastRun.at("2026-11-20T00:00:00Z").by("c").used(TEN, 2),
                PastRun.at("2026-11-20T00:00:00Z").by("a").used(TEN, 3));

        assertEquals(List.of("a", "b", "c"), keys(Grouping.KEY, 10));
    }

    @ParameterizedTest
    @EnumSource(names = {"PROJECT", "SESSION"})
    void gathersWhatIsOutsideOfAllGroups(Grouping grouping) {
        store(
                PastRun.at("2026-11-20T00:00:00Z").used(HUNDRED, 1),
                PastRun.at("2026-11-21T00:00:00Z").used(HUNDRED, 2),
                PastRun.at("2026-11-22T00:00:00Z").in("proj_a", "sess_a").used(TEN, 3));

        List<GroupTotals> groups = usage().byGroup(TENANT, grouping, NOVEMBER, 10).groups();

        assertEquals(2, groups.size());
        assertEquals(Optional.empty(), groups.getFirst().key());
        assertEquals(2, groups.getFirst().totals().runs());
        assertTrue(groups.getLast().key().isPresent());
    }

    @Test
    void leavesGroupsOutButNotOfTheTotal() {
        store(
                PastRun.at("2026-11-20T00:00:00Z").by("a").used(TEN, 1),
                PastRun.at("2026-11-20T00:00:00Z").by("b").used(HUNDRED, 2),
                PastRun.at("2026-11-20T00:00:00Z").by("c").used(BOTH, 4));

        UsageByGroup two = usage().byGroup(TENANT, Grouping.KEY, NOVEMBER, 2);
        UsageByGroup three = usage().byGroup(TENANT, Grouping.KEY, NOVEMBER, 3);

        assertEquals(List.of("c", "b"), keys(Grouping.KEY, 2));
        assertTrue(two.hasMore());
        assertEquals(7, two.total().costNanos());
        assertEquals(220, two.total().usage().totalTokens());
        assertEquals(List.of("c", "b", "a"), keys(Grouping.KEY, 3));
        assertFalse(three.hasMore());
        assertEquals(two.total(), three.total());
    }

    @ParameterizedTest
    @EnumSource
    void nothingAddsUpToNothing(Grouping grouping) {
        assertEquals(
                new UsageByGroup(List.of(), UsageTotals.NONE, false),
                usage().byGroup(TENANT, grouping, NOVEMBER, 10));
    }

    @Test
    void holdsTheBeginningOfThePeriodAndNotItsEnd() {
        store(
                PastRun.at("2026-11-20T09:59:59.999Z").used(TEN, 1),
                PastRun.at("2026-11-20T10:00:00Z").used(TEN, 10),
                PastRun.at("2026-11-20T10:59:59.999Z").used(TEN, 100),
                PastRun.at("2026-11-20T11:00:00Z").used(TEN, 1_000));

        assertEquals(110, cost(period("2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z")));
        assertEquals(111, cost(period("2026-11-20T09:59:59.999Z", "2026-11-20T11:00:00Z")));
        assertEquals(
                1_100, cost(period("2026-11-20T10:00:00.000001Z", "2026-11-20T11:00:00.000001Z")));
    }

    @Test
    void countsRunsThatFailedOrHaveNoPrice() {
        store(
                PastRun.at("2026-11-20T00:00:00Z").used(HUNDRED, 1_000),
                PastRun.at("2026-11-20T00:00:00Z").unpriced(TEN),
                PastRun.at("2026-11-20T00:00:00Z").unpriced(Usage.NONE),
                PastRun.at("2026-11-20T00:00:00Z").used(Usage.NONE, 0),
                PastRun.at("2026-11-20T00:00:00Z").failed());

        assertEquals(
                new UsageTotals(5, 1, 1, BOTH, 1_000),
                usage().byGroup(TENANT, Grouping.DAY, NOVEMBER, 10).total());
    }

    @Test
    void countsOnlyWhatHasEnded() {
        Session session = Samples.session();
        sessions().create(session);
        RunRecord running = PastRun.at("2026-11-20T00:00:00Z").in("proj", session.id()).begun();
        runs().begin(running, List.of(), Optional.empty());

        assertEquals(UsageTotals.NONE, total());

        runs().finish(
                        Samples.completed(running, Samples.bill(7)),
                        List.of(),
                        false,
                        Optional.empty());

        assertEquals(new UsageTotals(1, 0, 0, Samples.USAGE, 7), total());
    }

    @Test
    void agreesWithTheSumsOfSessionsAlsoAfterAKill() {
        Session session = Samples.session();
        sessions().create(session);
        PastRun past = PastRun.at("2026-11-20T00:00:00Z").in("proj", session.id());
        for (RunRecord run :
                List.of(past.used(HUNDRED, 5), past.unpriced(TEN), past.unpriced(Usage.NONE))) {
            runs().begin(RunRecord.begun(run.info()), List.of(), Optional.empty());
            runs().finish(run, List.of(), false, Optional.empty());
        }
        RunRecord killed = past.begun();
        runs().begin(killed, List.of(), Optional.empty());
        runs().finish(
                        killed.ended(new RunEvent.Interrupted(Bill.NONE), Samples.LATER),
                        List.of(),
                        false,
                        Optional.empty());

        Session summed = sessions().find(TENANT, session.id()).orElseThrow();
        UsageTotals totals = total();

        assertEquals(new UsageTotals(4, 0, 2, BOTH, 5), totals);
        assertEquals(totals.unpricedRuns(), summed.unpricedRuns());
        assertEquals(totals.costNanos(), summed.totalCostNanos());
        assertEquals(totals.usage().totalTokens(), summed.totalTokens());
    }

    @Test
    void countsRunsWhoseSessionIsGone() {
        Session session = Samples.session();
        sessions().create(session);
        store(PastRun.at("2026-11-20T00:00:00Z").in("proj", session.id()).used(TEN, 1));
        sessions().delete(TENANT, session.id());

        assertEquals(List.of(session.id()), keys(Grouping.SESSION, 10));
    }

    @Test
    void keepsTenantsApart() {
        store(
                PastRun.at("2026-11-20T00:00:00Z").used(TEN, 1),
                PastRun.at("2026-11-20T00:00:00Z").of(OTHERS).used(HUNDRED, 2));

        assertEquals(new UsageTotals(1, 0, 0, TEN, 1), total());
        assertEquals(
                new UsageTotals(1, 0, 0, HUNDRED, 2),
                usage().byGroup(OTHERS, Grouping.MODEL, NOVEMBER, 10).total());
        assertEquals(
                List.of(new UsageTotals(1, 0, 0, HUNDRED, 2)),
                spans(OTHERS, day("2026-11-20T00:00:00Z"), RunFilter.ALL));
    }

    @Test
    void fillsSpansOfNothingWithZeros() {
        store(
                PastRun.at("2026-11-20T09:59:59.999Z").used(TEN, 1),
                PastRun.at("2026-11-20T10:00:00Z").used(TEN, 10),
                PastRun.at("2026-11-20T12:00:00Z").used(HUNDRED, 100),
                PastRun.at("2026-11-20T12:59:59.999Z").unpriced(TEN),
                PastRun.at("2026-11-20T13:00:00Z").used(TEN, 1_000));

        List<SpanTotals> hours =
                usage().bySpan(
                                TENANT,
                                new Spans(Interval.HOUR, Instant.parse("2026-11-20T10:00:00Z"), 3),
                                RunFilter.ALL);

        assertEquals(
                List.of(
                        span("2026-11-20T10:00:00Z", new UsageTotals(1, 0, 0, TEN, 10)),
                        span("2026-11-20T11:00:00Z", UsageTotals.NONE),
                        span("2026-11-20T12:00:00Z", new UsageTotals(2, 0, 1, BOTH, 100))),
                hours);
    }

    @Test
    void addsUpOverDays() {
        store(
                PastRun.at("2026-11-20T23:59:59.999Z").used(TEN, 1),
                PastRun.at("2026-11-21T00:00:00Z").used(HUNDRED, 10),
                PastRun.at("2026-11-21T23:59:59.999Z").used(TEN, 100),
                PastRun.at("2026-11-22T00:00:00Z").failed());

        assertEquals(
                List.of(
                        new UsageTotals(1, 0, 0, TEN, 1),
                        new UsageTotals(2, 0, 0, BOTH, 110),
                        new UsageTotals(1, 1, 0, Usage.NONE, 0)),
                spans(
                        TENANT,
                        new Spans(Interval.DAY, Instant.parse("2026-11-20T00:00:00Z"), 3),
                        RunFilter.ALL));
    }

    @Test
    void addsUpOnlyWhatTheFilterLetsThrough() {
        PastRun plain = PastRun.at("2026-11-20T00:00:00Z").with("opus", "anthropic");
        store(
                plain.used(TEN, 1),
                plain.in("proj_a", "sess_a").used(TEN, 10),
                plain.in("proj_a", "sess_b").used(TEN, 100),
                plain.in("proj_a", "sess_a").with("sonnet", "anthropic").used(TEN, 1_000));

        assertEquals(1_111, filtered("", "", ""));
        assertEquals(111, filtered("opus", "", ""));
        assertEquals(1_110, filtered("", "proj_a", ""));
        assertEquals(1_010, filtered("", "", "sess_a"));
        assertEquals(10, filtered("opus", "proj_a", "sess_a"));
        assertEquals(0, filtered("opus", "proj_b", ""));
    }

    private long filtered(String model, String project, String session) {
        RunFilter filter = new RunFilter(given(model), given(project), given(session));
        return spans(TENANT, day("2026-11-20T00:00:00Z"), filter).getFirst().costNanos();
    }

    private static Optional<String> given(String text) {
        return Optional.of(text).filter(value -> !value.isEmpty());
    }

    private void store(RunRecord... ended) {
        for (RunRecord run : ended) {
            runs().finish(run, List.of(), false, Optional.empty());
        }
    }

    private UsageTotals total() {
        return usage().byGroup(TENANT, Grouping.DAY, NOVEMBER, 10).total();
    }

    private long cost(Period period) {
        return usage().byGroup(TENANT, Grouping.DAY, period, 10).total().costNanos();
    }

    private List<String> keys(Grouping grouping, int limit) {
        return usage().byGroup(TENANT, grouping, NOVEMBER, limit).groups().stream()
                .map(group -> group.key().orElse(""))
                .toList();
    }

    private List<UsageTotals> spans(String tenant, Spans spans, RunFilter filter) {
        return usage().bySpan(tenant, spans, filter).stream().map(SpanTotals::totals).toList();
    }

    private static Spans day(String start) {
        return new Spans(Interval.DAY, Instant.parse(start), 1);
    }

    private static GroupTotals group(String key, UsageTotals totals) {
        return new GroupTotals(Optional.of(key), totals);
    }

    private static SpanTotals span(String start, UsageTotals totals) {
        return new SpanTotals(Instant.parse(start), totals);
    }

    private static Period period(String from, String to) {
        return new Period(Instant.parse(from), Instant.parse(to));
    }
}
