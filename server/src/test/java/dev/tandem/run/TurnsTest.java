package dev.tandem.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.storage.Samples;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class TurnsTest {
    private static final ScheduledExecutorService TIMER =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

    private final Turns turns = new Turns(2);
    private final Run first = run();
    private final Run second = run();
    private final Run third = run();

    @AfterAll
    static void stop() {
        TIMER.shutdownNow();
    }

    private static Run run() {
        return new Run(
                Samples.run(Samples.TENANT, Optional.of("sess_1")).info(),
                new MemoryRunLog(1_000, TIMER));
    }

    private void enter(Run run, boolean waits) {
        run.lineUp(turns.enter("sess_1", run, waits));
    }

    @Test
    void theFirstIsAtWorkAndTheOthersSayHowManyComeBefore() {
        enter(first, false);
        enter(second, true);
        enter(third, true);

        assertEquals(RunState.RUNNING, first.state());
        assertEquals(RunState.QUEUED, second.state());
        assertEquals(List.of(new RunEvent.Queued(1)), second.log().readAfter(0).ready());
        assertEquals(List.of(new RunEvent.Queued(2)), third.log().readAfter(0).ready());
        assertEquals(Optional.of(first), turns.atWork("sess_1"));
        assertEquals(List.of(first, second, third), turns.all("sess_1"));
    }

    @Test
    void theNextBeginsWhenTheOneAtWorkLeaves() {
        enter(first, false);
        enter(second, true);
        enter(third, true);

        turns.leave("sess_1", first);

        assertEquals(RunState.RUNNING, second.state());
        assertEquals(RunState.QUEUED, third.state());
    }

    @Test
    void oneThatGivesUpLetsNobodyBegin() {
        enter(first, false);
        enter(second, true);
        enter(third, true);

        turns.leave("sess_1", second);

        assertEquals(RunState.QUEUED, third.state());
        turns.leave("sess_1", first);
        assertEquals(RunState.RUNNING, third.state());
    }

    @Test
    void oneWhoseTurnCameAtOnceIsStillOneThatCameLater() {
        enter(first, false);
        int ahead = turns.enter("sess_1", second, true);
        turns.leave("sess_1", first);

        second.lineUp(ahead);

        assertEquals(RunState.RUNNING, second.state());
        assertEquals(true, second.cameLater());
    }

    @Test
    void oneThatDoesNotWaitIsRefusedWithTheRunAtWork() {
        enter(first, false);

        Failure refused = assertThrows(Failure.class, () -> enter(second, false));

        assertEquals(FailureCode.RUN_IN_PROGRESS, refused.code());
        assertEquals(Optional.of(first.info().id()), refused.runId());
        assertEquals(List.of(first), turns.all("sess_1"));
    }

    @Test
    void tooManyAreRefused() {
        enter(first, true);
        enter(second, true);
        enter(third, true);

        Failure refused = assertThrows(Failure.class, () -> enter(run(), true));

        assertEquals(FailureCode.OVERLOADED, refused.code());
        assertEquals(3, turns.all("sess_1").size());
    }

    @Test
    void sessionsDoNotWaitForEachOther() {
        enter(first, false);

        assertEquals(0, turns.enter("sess_2", second, false));
        assertEquals(2, turns.sessions());
    }

    @Test
    void nothingStaysOfASessionWithoutRuns() {
        enter(first, false);

        turns.leave("sess_1", first);
        turns.leave("sess_1", first);

        assertEquals(0, turns.sessions());
        assertEquals(Optional.empty(), turns.atWork("sess_1"));
    }
}
