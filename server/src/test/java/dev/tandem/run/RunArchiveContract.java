package dev.tandem.run;

import static dev.tandem.storage.Samples.LATER;
import static dev.tandem.storage.Samples.OTHERS;
import static dev.tandem.storage.Samples.TENANT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.run.RunEvent.Bill;
import dev.tandem.session.Session;
import dev.tandem.session.SessionStore;
import dev.tandem.storage.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// What every [RunArchive] does, beside the stores of the same data.
public abstract class RunArchiveContract {
    protected abstract SessionStore sessions();

    protected abstract RunStore runs();

    protected abstract RunArchive archive();

    private static RunSegment said(RunRecord run, long first, String... texts) {
        List<RunEvent> events = new ArrayList<>();
        for (String text : texts) {
            events.add(new RunEvent.Text(text));
        }
        return new RunSegment(run.info().tenant(), run.info().id(), first, events);
    }

    private String text(RunRecord run, long after) {
        StringBuilder text = new StringBuilder();
        long number = after;
        for (List<RunSegment> page = archive().read(run.info(), number);
                !page.isEmpty();
                page = archive().read(run.info(), number)) {
            for (RunSegment segment : page) {
                assertTrue(segment.first() <= number + 1, "a hole after " + number);
                segment.events().stream()
                        .skip(number + 1 - segment.first())
                        .forEach(event -> text.append(((RunEvent.Text) event).text()));
                number = segment.last();
            }
        }
        return text.toString();
    }

    private RunRecord begun(Session session) {
        RunRecord run = Samples.run(session);
        runs().begin(run, List.of(), Optional.empty());
        return run;
    }

    private void finish(RunRecord run) {
        runs().finish(
                        Samples.completed(run, Bill.NONE).lastAt(run.info().cursor(9)),
                        List.of(),
                        false,
                        Optional.empty());
    }

    private Session session() {
        Session session = Samples.session();
        sessions().create(session);
        return session;
    }

    @Test
    void readsFromAnyNumber() {
        RunRecord run = Samples.run(TENANT, Optional.empty());
        archive().append(List.of(said(run, 1, "a", "b"), said(run, 3, "c")));
        archive().append(List.of(said(run, 4, "d", "e")));

        assertEquals("abcde", text(run, 0));
        assertEquals("bcde", text(run, 1));
        assertEquals("de", text(run, 3));
        assertEquals("e", text(run, 4));
        assertEquals("", text(run, 5));
        assertEquals("", text(run, 99));
    }

    @Test
    void readsMoreThanAPage() {
        RunRecord run = Samples.run(TENANT, Optional.empty());
        StringBuilder all = new StringBuilder();
        List<RunSegment> segments = new ArrayList<>();
        for (int number = 1; number <= 1_001; number++) {
            segments.add(said(run, number, number + " "));
            all.append(number).append(' ');
        }
        archive().append(segments);

        assertEquals(all.toString(), text(run, 0));
    }

    @Test
    void keepsRunsAndTenantsApart() {
        RunRecord ours = Samples.run(TENANT, Optional.empty());
        RunRecord other = Samples.run(TENANT, Optional.empty());
        archive().append(List.of(said(ours, 1, "ours"), said(other, 1, "other")));
        RunInfo info = ours.info();
        RunInfo theirs =
                new RunInfo(
                        info.id(),
                        OTHERS,
                        info.keyName(),
                        info.sessionId(),
                        info.projectId(),
                        info.model(),
                        info.provider(),
                        info.createdAt(),
                        info.kept(),
                        info.epoch(),
                        info.terms(),
                        info.ignoredParameters());

        assertEquals("ours", text(ours, 0));
        assertEquals("other", text(other, 0));
        assertEquals(List.of(), archive().read(theirs, 0));
    }

    @Test
    void storingTheSameAgainAndMoreReplacesIt() {
        RunRecord run = Samples.run(TENANT, Optional.empty());
        archive().append(List.of(said(run, 1, "a")));

        archive().append(List.of(said(run, 1, "a", "b")));

        assertEquals("ab", text(run, 0));
    }

    @Test
    void forgetsRunsThatEndedBeforeATimeAndFreesTheirKeys() {
        RunRecord old = Samples.keyed(Samples.run(TENANT, Optional.empty()), "key", "hash");
        RunRecord running = Samples.run(TENANT, Optional.empty());
        runs().begin(old, List.of(), Optional.empty());
        runs().begin(running, List.of(), Optional.empty());
        archive().append(List.of(said(old, 1, "old"), said(running, 1, "running")));
        finish(old);

        assertEquals(0, archive().forget(LATER));
        assertTrue(runs().findByKey(TENANT, "key").isPresent());
        assertEquals("old", text(old, 0));

        assertEquals(1, archive().forget(LATER.plusMillis(1)));
        assertEquals("", text(old, 0));
        assertEquals("running", text(running, 0));
        assertEquals(Optional.empty(), runs().findByKey(TENANT, "key"));
        assertEquals(Optional.empty(), runs().find(TENANT, old.info().id()).orElseThrow().last());
        assertEquals(0, archive().forget(LATER.plusMillis(1)), "once is enough");
    }

    @Test
    void aSessionThatIsDeletedTakesAlongWhatItsRunsSaid() {
        forgetsWhatItsRunsSaid(session -> sessions().delete(TENANT, session.id()));
    }

    @Test
    void aSessionThatIsClearedForgetsWhatItsRunsSaid() {
        forgetsWhatItsRunsSaid(session -> sessions().clear(TENANT, session.id(), LATER));
    }

    private void forgetsWhatItsRunsSaid(Consumer<Session> forgetting) {
        Session session = session();
        Session other = session();
        RunRecord run = begun(session);
        RunRecord others = begun(other);
        archive().append(List.of(said(run, 1, "secret"), said(others, 1, "stays")));
        finish(run);
        finish(others);

        forgetting.accept(session);

        assertEquals("", text(run, 0));
        assertEquals("stays", text(others, 0));
        assertEquals(Optional.empty(), runs().find(TENANT, run.info().id()).orElseThrow().last());
    }

    @Test
    void aRunThatOutlivesItsSessionLeavesNothingOfWhatItSaid() {
        Session session = session();
        RunRecord run = Samples.keyed(Samples.run(session), "key", "hash");
        runs().begin(run, List.of(), Optional.empty());
        sessions().delete(TENANT, session.id());
        archive().append(List.of(said(run, 1, "late ")));

        runs().finish(
                        Samples.completed(run, Bill.NONE).lastAt(run.info().cursor(3)),
                        List.of(Samples.answer(run, "late secret")),
                        false,
                        Optional.of(said(run, 2, "secret")));

        assertEquals("", text(run, 0));
        RunRecord kept = runs().find(TENANT, run.info().id()).orElseThrow();
        assertEquals(RunState.COMPLETED, kept.state());
        assertEquals(Optional.empty(), kept.last());
        assertEquals(Optional.empty(), runs().findByKey(TENANT, "key"));
    }

    @Test
    void theRestOfARunIsStoredWithItsEnd() {
        RunRecord run = begun(session());
        archive().append(List.of(said(run, 1, "a")));

        runs().finish(
                        Samples.completed(run, Bill.NONE).lastAt(run.info().cursor(3)),
                        List.of(),
                        false,
                        Optional.of(said(run, 2, "b")));

        assertEquals("ab", text(run, 0));
    }
}
