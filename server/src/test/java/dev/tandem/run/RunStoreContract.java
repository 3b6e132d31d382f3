package dev.tandem.run;

import static dev.tandem.storage.Samples.LATER;
import static dev.tandem.storage.Samples.OTHERS;
import static dev.tandem.storage.Samples.TENANT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.page.PageToken;
import dev.tandem.project.ProjectStore;
import dev.tandem.run.RunEvent.Bill;
import dev.tandem.session.Session;
import dev.tandem.session.SessionStore;
import dev.tandem.session.StoredMessage;
import dev.tandem.storage.Samples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What every [RunStore] does.
public abstract class RunStoreContract {
    protected abstract SessionStore sessions();

    protected abstract ProjectStore projects();

    protected abstract RunStore runs();

    @Test
    void findsWhatHasBegun() {
        RunRecord run = Samples.run(session());
        StoredMessage question = Samples.question(run, "Why?");

        runs().begin(run, List.of(question), Optional.of("Why?"));

        String session = run.info().sessionId().orElseThrow();
        assertEquals(Optional.of(run), runs().find(TENANT, run.info().id()));
        assertEquals(Optional.of(run), runs().latestOf(TENANT, session));
        assertEquals(List.of(question), sessions().history(TENANT, session));
    }

    @Test
    void givesATitleWhereThereIsNone() {
        Session session = session();
        RunRecord first = Samples.run(session);
        RunRecord second = Samples.run(session);

        runs().begin(first, List.of(), Optional.of("First"));
        runs().finish(Samples.completed(first, Bill.NONE), List.of(), false, Optional.empty());
        runs().begin(second, List.of(), Optional.of("Second"));

        assertEquals(Optional.of("First"), find(session).title());
    }

    @Test
    void movesTheTimeOfTheSession() {
        Session session = session();
        RunRecord run = Samples.run(session);

        runs().begin(run, List.of(), Optional.empty());
        assertEquals(run.info().createdAt(), find(session).updatedAt());

        runs().finish(Samples.completed(run, Bill.NONE), List.of(), false, Optional.empty());
        assertEquals(LATER, find(session).updatedAt());
    }

    @Test
    void refusesASecondRunAndNamesTheFirst() {
        Session session = session();
        RunRecord first = Samples.run(session);
        runs().begin(first, List.of(), Optional.empty());
        RunRecord second = Samples.run(session);
        List<StoredMessage> questions = List.of(Samples.question(second, "And?"));

        Failure failure =
                assertThrows(
                        Failure.class, () -> runs().begin(second, questions, Optional.of("And?")));

        assertEquals(FailureCode.RUN_IN_PROGRESS, failure.code());
        assertEquals(Optional.of(first.info().id()), failure.runId());
        assertEquals(Optional.empty(), runs().find(TENANT, second.info().id()));
        assertEquals(Optional.empty(), find(session).title());
        assertEquals(0, find(session).messageCount());
        assertEquals(List.of(), sessions().history(TENANT, session.id()));
    }

    @Test
    void letsExactlyOneOfManyBegin() throws Exception {
        Session session = session();
        List<RunRecord> rivals = new ArrayList<>();
        List<Future<Optional<String>>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                RunRecord rival = Samples.run(session);
                rivals.add(rival);
                answers.add(threads.submit(() -> inTheWayOf(rival)));
            }
        }

        RunRecord winner = runs().latestOf(TENANT, session.id()).orElseThrow();
        for (int i = 0; i < rivals.size(); i++) {
            Optional<String> inTheWay =
                    rivals.get(i).equals(winner)
                            ? Optional.empty()
                            : Optional.of(winner.info().id());
            assertEquals(inTheWay, answers.get(i).get());
        }
        assertEquals(1, find(session).messageCount());
    }

    private Optional<String> inTheWayOf(RunRecord run) {
        try {
            runs().begin(run, List.of(Samples.question(run, "Me?")), Optional.empty());
            return Optional.empty();
        } catch (Failure failure) {
            return failure.runId();
        }
    }

    @Test
    void refusesToBeginInASessionThatIsGone() {
        RunRecord run = Samples.run(Samples.session());

        Failure failure =
                assertThrows(Failure.class, () -> runs().begin(run, List.of(), Optional.empty()));

        assertEquals(FailureCode.NOT_FOUND, failure.code());
        assertEquals(Optional.of("session_id"), failure.param());
        assertEquals(Optional.empty(), runs().find(TENANT, run.info().id()));
    }

    @Test
    void storesTheEndWithItsAnswersAndItsBill() {
        Session session = session();
        RunRecord run = Samples.run(session);
        StoredMessage question = Samples.question(run, "Why?");
        StoredMessage answer = Samples.answer(run, "Because.");
        runs().begin(run, List.of(question), Optional.empty());

        RunRecord ended = Samples.completed(run, Samples.bill(1_234));
        runs().finish(ended, List.of(answer), false, Optional.empty());

        assertEquals(Optional.of(ended), runs().find(TENANT, run.info().id()));
        assertEquals(List.of(question, answer), sessions().history(TENANT, session.id()));
        assertEquals(2, find(session).messageCount());
        assertEquals(Samples.USAGE.totalTokens(), find(session).totalTokens());
        assertEquals(1_234, find(session).totalCostNanos());
    }

    @Test
    void keepsWhyARunFailed() {
        RunRecord run = Samples.run(session());
        runs().begin(run, List.of(), Optional.empty());

        RunRecord ended =
                Samples.failed(
                        run, Failure.invalid("temperature", "temperature must be at most 2"));
        runs().finish(ended, List.of(), false, Optional.empty());

        assertEquals(Optional.of(ended), runs().find(TENANT, run.info().id()));
        assertEquals("invalid_request", ended.error().orElseThrow().code());
    }

    @Test
    void anEndedRunStaysAsItIs() {
        Session session = session();
        RunRecord run = Samples.run(session);
        runs().begin(run, List.of(Samples.question(run, "Why?")), Optional.empty());
        RunRecord ended = Samples.completed(run, Samples.bill(1_000));
        runs().finish(ended, List.of(Samples.answer(run, "Because.")), false, Optional.empty());
        Session before = find(session);

        runs().finish(
                        Samples.failed(run, new Failure(FailureCode.INTERNAL, "late")),
                        List.of(Samples.answer(run, "Again.")),
                        true,
                        Optional.empty());

        assertEquals(Optional.of(ended), runs().find(TENANT, run.info().id()));
        assertEquals(before, find(session));
        assertEquals(2, sessions().history(TENANT, session.id()).size());
    }

    @Test
    void forgetsTheQuestionsOfARunThatCameToNothing() {
        Session session = session();
        RunRecord first = Samples.run(session);
        StoredMessage kept = Samples.question(first, "Why?");
        runs().begin(first, List.of(kept), Optional.empty());
        runs().finish(Samples.completed(first, Bill.NONE), List.of(), false, Optional.empty());
        RunRecord second = Samples.run(session);
        runs().begin(
                        second,
                        List.of(Samples.question(second, "a"), Samples.question(second, "b")),
                        Optional.empty());

        runs().finish(
                        Samples.failed(second, new Failure(FailureCode.UPSTREAM_ERROR, "down")),
                        List.of(),
                        true,
                        Optional.empty());

        assertEquals(List.of(kept), sessions().history(TENANT, session.id()));
        assertEquals(1, find(session).messageCount());
    }

    @Test
    void storesARunWholeThatDidNotBeginHere() {
        RunRecord alone = Samples.completed(Samples.run(TENANT, Optional.empty()), Samples.bill(5));
        Session session = session();
        RunRecord refused = Samples.run(session);

        runs().finish(alone, List.of(), false, Optional.empty());
        runs().finish(
                        Samples.failed(refused, new Failure(FailureCode.OVERLOADED, "full")),
                        List.of(),
                        true,
                        Optional.empty());

        assertEquals(Optional.of(alone), runs().find(TENANT, alone.info().id()));
        assertEquals(
                RunState.FAILED,
                runs().latestOf(TENANT, session.id()).map(RunRecord::state).orElseThrow());
    }

    @Test
    void dropsTheAnswersOfASessionThatIsGone() {
        Session session = session();
        RunRecord run = Samples.run(session);
        runs().begin(run, List.of(Samples.question(run, "Why?")), Optional.empty());
        sessions().delete(TENANT, session.id());

        RunRecord ended = Samples.completed(run, Samples.bill(5));
        runs().finish(ended, List.of(Samples.answer(run, "Because.")), false, Optional.empty());

        assertEquals(Optional.of(ended), runs().find(TENANT, run.info().id()));
        assertEquals(List.of(), sessions().history(TENANT, session.id()));
    }

    @Test
    void refusesAnEndThatIsNone() {
        RunRecord run = Samples.run(session());

        assertThrows(
                IllegalArgumentException.class,
                () -> runs().finish(run, List.of(), false, Optional.empty()));
    }

    @Test
    void countsRunsWithoutAPriceThatUsedSomething() {
        Session session = session();
        Bill unpriced = new Bill(Samples.USAGE, OptionalLong.empty(), Optional.empty());
        for (Bill bill : List.of(unpriced, Samples.bill(0), Bill.NONE, unpriced)) {
            RunRecord run = Samples.run(session);
            runs().begin(run, List.of(), Optional.empty());
            runs().finish(Samples.completed(run, bill), List.of(), false, Optional.empty());
        }

        assertEquals(2, find(session).unpricedRuns());
        assertEquals(3 * Samples.USAGE.totalTokens(), find(session).totalTokens());
    }

    @Test
    void listsNewestFirstAndStaysStableWhileRunsAreAdded() {
        RunRecord first = alone();
        RunRecord second = begun(session());
        RunRecord third = alone();

        Page<RunRecord> newest = list(RunQuery.ALL, 2, Optional.empty());
        alone();
        Page<RunRecord> oldest = list(RunQuery.ALL, 2, newest.next());

        assertEquals(List.of(third, second), newest.items());
        assertEquals("runs//", newest.next().orElseThrow().list());
        assertEquals(List.of(first), oldest.items());
        assertEquals(Optional.empty(), oldest.next());
    }

    @Test
    void keepsWhetherARunWaitsForPeopleUntilItEnds() {
        RunRecord run = begun(session());
        String id = run.info().id();

        runs().stand(TENANT, id, RunState.WAITING);

        assertEquals(
                List.of(run.standing(RunState.WAITING)),
                listed(Optional.empty(), RunState.WAITING));
        assertEquals(List.of(id), runs().unfinished().stream().map(r -> r.info().id()).toList());
        runs().stand(TENANT, id, RunState.RUNNING);
        assertEquals(List.of(run), listed(Optional.empty(), RunState.RUNNING));
        RunRecord completed = Samples.completed(run, Bill.NONE);
        runs().finish(completed, List.of(), false, Optional.empty());
        runs().stand(TENANT, id, RunState.WAITING);
        assertEquals(RunState.COMPLETED, runs().find(TENANT, id).orElseThrow().state());
    }

    @Test
    void listsThoseOfASessionAndOfAState() {
        Session session = session();
        RunRecord failed =
                Samples.failed(begun(session), new Failure(FailureCode.OVERLOADED, "full"));
        runs().finish(failed, List.of(), false, Optional.empty());
        RunRecord completed = Samples.completed(begun(session), Bill.NONE);
        runs().finish(completed, List.of(), false, Optional.empty());
        RunRecord running = begun(session);
        RunRecord runningElsewhere = begun(session());
        RunRecord completedElsewhere = alone();

        assertEquals(List.of(running, completed, failed), listed(Optional.of(session)));
        assertEquals(
                List.of(runningElsewhere, running), listed(Optional.empty(), RunState.RUNNING));
        assertEquals(
                List.of(completedElsewhere, completed),
                listed(Optional.empty(), RunState.COMPLETED));
        assertEquals(List.of(failed), listed(Optional.empty(), RunState.FAILED));
        assertEquals(List.of(running), listed(Optional.of(session), RunState.RUNNING));
        assertEquals(List.of(failed), listed(Optional.of(session), RunState.FAILED));
        assertEquals(List.of(), listed(Optional.of(session), RunState.CANCELLED));
        assertEquals(List.of(), listed(Optional.empty(), RunState.QUEUED));
    }

    @Test
    void pagesOfAStateAreOfThatStateAlone() {
        RunRecord first = alone();
        begun(session());
        RunRecord second = alone();
        RunQuery completed = new RunQuery(Optional.empty(), Optional.of(RunState.COMPLETED));

        Page<RunRecord> newest = list(completed, 1, Optional.empty());
        Page<RunRecord> oldest = list(completed, 1, newest.next());

        assertEquals(List.of(second), newest.items());
        assertEquals("runs//completed", newest.next().orElseThrow().list());
        assertEquals(List.of(first), oldest.items());
        assertEquals(Optional.empty(), oldest.next());
    }

    @Test
    void knowsWhatAKilledServerLeft() {
        Session working = session();
        Session idle = session();
        RunRecord left = Samples.run(working);
        RunRecord waiting = Samples.run(working);
        RunRecord done = Samples.run(idle);
        runs().begin(left, List.of(Samples.question(left, "Why?")), Optional.empty());
        runs().queue(waiting);
        runs().begin(done, List.of(), Optional.empty());
        runs().finish(Samples.completed(done, Samples.bill(1)), List.of(), false, Optional.empty());

        assertEquals(Set.of(left, waiting.queued()), Set.copyOf(runs().unfinished()));

        RunRecord settled = left.ended(new RunEvent.Interrupted(Bill.NONE), LATER);
        runs().finish(settled, List.of(), false, Optional.empty());
        assertEquals(Optional.of(settled), runs().find(TENANT, left.info().id()));
        assertEquals(1, find(working).unpricedRuns());
        assertEquals(0, find(idle).unpricedRuns());
        runs().begin(waiting, List.of(), Optional.empty());
        assertEquals(Optional.of(waiting), runs().find(TENANT, waiting.info().id()));
    }

    @Test
    void findsARunByItsKeyUntilNothingCameOfIt() {
        RunRecord first = Samples.run(session());
        RunRecord keyed = Samples.keyed(first, "k1", "hash");
        runs().begin(keyed, List.of(), Optional.empty());

        assertEquals(Optional.of(keyed), runs().findByKey(TENANT, "k1"));
        assertEquals(Optional.empty(), runs().findByKey(OTHERS, "k1"));
        assertEquals(Optional.empty(), runs().findByKey(TENANT, "k2"));

        runs().finish(Samples.completed(keyed, Bill.NONE), List.of(), true, Optional.empty());
        assertEquals(Optional.empty(), runs().findByKey(TENANT, "k1"));
    }

    @Test
    void countsItsLives() {
        int first = runs().beginEpoch();

        assertEquals(first + 1, runs().beginEpoch());
    }

    @Test
    void anotherTenantSeesAndChangesNothing() {
        Session session = session();
        RunRecord run = Samples.run(session);
        runs().begin(run, List.of(), Optional.empty());
        RunRecord forged = Samples.run(OTHERS, Optional.of(session.id()));

        assertEquals(Optional.empty(), runs().find(OTHERS, run.info().id()));
        assertEquals(Optional.empty(), runs().latestOf(OTHERS, session.id()));
        PageRequest all = new PageRequest(10, Optional.empty());
        assertEquals(List.of(), runs().list(OTHERS, RunQuery.ALL, all).items());
        Failure failure =
                assertThrows(
                        Failure.class, () -> runs().begin(forged, List.of(), Optional.empty()));
        assertEquals(FailureCode.NOT_FOUND, failure.code());

        runs().finish(
                        Samples.completed(forged, Samples.bill(9)),
                        List.of(Samples.answer(forged, "Ours.")),
                        true,
                        Optional.empty());

        assertEquals(Optional.of(run), runs().find(TENANT, run.info().id()));
        assertEquals(0, find(session).totalCostNanos());
        assertEquals(List.of(), sessions().history(TENANT, session.id()));
    }

    /// A run without a session, which has ended.
    private RunRecord alone() {
        RunRecord run = Samples.completed(Samples.run(TENANT, Optional.empty()), Bill.NONE);
        runs().finish(run, List.of(), false, Optional.empty());
        return run;
    }

    private RunRecord begun(Session session) {
        RunRecord run = Samples.run(session);
        runs().begin(run, List.of(), Optional.empty());
        return run;
    }

    private List<RunRecord> listed(Optional<Session> session, RunState... state) {
        RunQuery query = new RunQuery(session.map(Session::id), Arrays.stream(state).findFirst());
        return list(query, 10, Optional.empty()).items();
    }

    private Page<RunRecord> list(RunQuery query, int size, Optional<PageToken> after) {
        return runs().list(TENANT, query, new PageRequest(size, after));
    }

    private Session session() {
        Session session = Samples.session();
        sessions().create(session);
        return session;
    }

    private Session find(Session session) {
        return sessions().find(TENANT, session.id()).orElseThrow();
    }
}
