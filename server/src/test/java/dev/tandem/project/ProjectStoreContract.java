package dev.tandem.project;

import static dev.tandem.storage.Samples.LATER;
import static dev.tandem.storage.Samples.NOON;
import static dev.tandem.storage.Samples.OTHERS;
import static dev.tandem.storage.Samples.TENANT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.run.RunStore;
import dev.tandem.session.Session;
import dev.tandem.session.SessionStore;
import dev.tandem.storage.Samples;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every [ProjectStore] does.
public abstract class ProjectStoreContract {
    private static final PageRequest FIRST = new PageRequest(50, Optional.empty());

    protected abstract SessionStore sessions();

    protected abstract ProjectStore projects();

    protected abstract RunStore runs();

    @Test
    void findsWhatWasCreated() {
        Project plain =
                new Project("proj_1", TENANT, "Kite", Optional.empty(), "a/b", false, NOON, NOON);
        Project described = Samples.project("c");

        projects().create(plain);
        projects().create(described);

        assertEquals(Optional.of(plain), projects().find(TENANT, "proj_1"));
        assertEquals(Optional.of(described), projects().find(TENANT, described.id()));
    }

    @Test
    void findsNothingWhereNothingIs() {
        assertEquals(Optional.empty(), projects().find(TENANT, "proj_0"));
        assertEquals(List.of(), projects().list(TENANT, FIRST).items());
        assertEquals(List.of(), projects().sessions(TENANT, "proj_0", 5));
        assertFalse(projects().delete(TENANT, "proj_0"));
        assertEquals(
                Optional.empty(),
                projects().update(TENANT, "proj_0", Optional.of("x"), Optional.empty(), LATER));
    }

    @Test
    void changesWhatIsGivenAndClearsWhatIsEmpty() {
        Project project = Samples.project("kite");
        projects().create(project);

        Optional<Project> named =
                projects()
                        .update(
                                TENANT,
                                project.id(),
                                Optional.of("Glider"),
                                Optional.empty(),
                                LATER);
        Optional<Project> bare =
                projects().update(TENANT, project.id(), Optional.empty(), Optional.of(""), LATER);

        assertEquals(
                Optional.of(project.changed(Optional.of("Glider"), Optional.empty(), LATER)),
                named);
        assertEquals(Optional.empty(), bare.orElseThrow().description());
        assertEquals("Glider", bare.orElseThrow().name());
        assertEquals(bare, projects().find(TENANT, project.id()));
    }

    @Test
    void listsNewestFirstAndStaysStableWhileProjectsAreAdded() {
        List<Project> made =
                List.of(Samples.project("a"), Samples.project("b"), Samples.project("c"));
        made.forEach(projects()::create);

        Page<Project> first = projects().list(TENANT, new PageRequest(2, Optional.empty()));
        projects().create(Samples.project("d"));
        Page<Project> second = projects().list(TENANT, new PageRequest(2, first.next()));

        assertEquals(List.of(made.get(2), made.get(1)), first.items());
        assertEquals(ProjectStore.LIST, first.next().orElseThrow().list());
        assertEquals(List.of(made.get(0)), second.items());
        assertEquals(Optional.empty(), second.next());
    }

    @ParameterizedTest
    @ValueSource(strings = {"team/kite", "team", "team/kite/src", "Team/KITE", "team/kite/a/b"})
    void refusesAFolderThatIsAProjectsOrWithinOrAroundOne(String path) {
        projects().create(Samples.projectOf(OTHERS, "team/kite"));

        Failure failure =
                assertThrows(Failure.class, () -> projects().create(Samples.project(path)));

        assertEquals(FailureCode.ALREADY_EXISTS, failure.code());
        assertEquals(Optional.of("path"), failure.param());
    }

    @ParameterizedTest
    @ValueSource(strings = {"team/kites", "team/kit", "team-kite", "kite", "team_kite/x", "team/%"})
    void takesAFolderBesideAnother(String path) {
        projects().create(Samples.projectOf(OTHERS, "team/kite"));
        Project project = Samples.project(path);

        projects().create(project);

        assertEquals(Optional.of(project), projects().find(TENANT, project.id()));
    }

    @Test
    void keepsAProjectThatHasSessions() {
        Project project = Samples.project("kite");
        projects().create(project);
        Session first = Samples.sessionIn(TENANT, Optional.of(project.id()));
        Session second = Samples.sessionIn(TENANT, Optional.of(project.id()));
        sessions().create(first);
        sessions().create(second);

        assertEquals(
                List.of(second.id(), first.id()), projects().sessions(TENANT, project.id(), 5));
        assertEquals(List.of(second.id()), projects().sessions(TENANT, project.id(), 1));
        assertFalse(projects().delete(TENANT, project.id()));

        sessions().delete(TENANT, first.id());
        sessions().delete(TENANT, second.id());

        assertTrue(projects().delete(TENANT, project.id()));
        assertEquals(Optional.empty(), projects().find(TENANT, project.id()));
        projects().create(Samples.project("kite"));
    }

    @Test
    void neverLosesAProjectToASessionThatIsJustCreated() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                Project project = Samples.project("kite" + i);
                projects().create(project);
                Session session = Samples.sessionIn(TENANT, Optional.of(project.id()));

                Future<Boolean> created = threads.submit(() -> created(session));
                boolean deleted = projects().delete(TENANT, project.id());

                assertEquals(deleted, !created.get());
                assertEquals(deleted, sessions().find(TENANT, session.id()).isEmpty());
            }
        }
    }

    private boolean created(Session session) {
        try {
            sessions().create(session);
            return true;
        } catch (Failure gone) {
            assertEquals(FailureCode.NOT_FOUND, gone.code());
            return false;
        }
    }

    @Test
    void anotherTenantSeesAndChangesNothing() {
        Project project = Samples.project("kite");
        projects().create(project);
        sessions().create(Samples.sessionIn(TENANT, Optional.of(project.id())));

        assertEquals(Optional.empty(), projects().find(OTHERS, project.id()));
        assertEquals(List.of(), projects().list(OTHERS, FIRST).items());
        assertEquals(List.of(), projects().sessions(OTHERS, project.id(), 5));
        assertFalse(projects().delete(OTHERS, project.id()));
        assertEquals(
                Optional.empty(),
                projects().update(OTHERS, project.id(), Optional.of("x"), Optional.empty(), LATER));
        assertEquals(Optional.of(project), projects().find(TENANT, project.id()));
    }
}
