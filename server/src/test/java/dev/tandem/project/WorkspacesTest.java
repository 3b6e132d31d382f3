package dev.tandem.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.project.Workspaces.Folder;
import dev.tandem.storage.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WorkspacesTest {
    @TempDir Path outer;
    private Path root;
    private Path secret;
    private Workspaces workspaces;

    @BeforeEach
    void open() throws IOException {
        root = outer.toRealPath().resolve("root");
        workspaces = new Workspaces(new WorkspaceSettings(root));
        secret = Files.createDirectory(outer.toRealPath().resolve("secret"));
        Files.writeString(secret.resolve("key"), "hush");
    }

    @Test
    void makesAFolderAndThoseAboveIt() {
        Folder made = workspaces.create("team/kite");

        assertEquals(new Folder("team/kite", root.resolve("team/kite"), true), made);
        assertTrue(Files.isDirectory(made.place()));
    }

    @Test
    void findsAFolderThatIsThere() throws IOException {
        Files.createDirectories(root.resolve("team/kite"));

        assertEquals(
                new Folder("team/kite", root.resolve("team/kite"), false),
                workspaces.create("team/kite"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"team/kite", "./team/kite", "team/./kite/", "team/kite/."})
    void writesOnePathInOneWay(String path) {
        assertEquals("team/kite", workspaces.create(path).path());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {".hidden", "a b", "a.b", "...a", "con-tent", "~", "$HOME", "-rf", "%2e"})
    void takesUnusualNames(String path) {
        assertEquals(path, workspaces.create(path).path());
    }

    @Test
    void followsALinkThatStaysInsideAndNamesWhatItLeadsTo() throws IOException {
        Files.createDirectories(root.resolve("real/kite"));
        Files.createSymbolicLink(root.resolve("link"), Path.of("real"));

        assertEquals("real/kite", workspaces.create("link/kite").path());
        assertEquals("real/new", workspaces.create("link/new").path());
    }

    @Test
    void onlyOneOfManyMakesAFolder() throws Exception {
        List<Future<Folder>> made = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                made.add(threads.submit(() -> workspaces.create("a/b")));
            }
        }

        int makers = 0;
        for (Future<Folder> each : made) {
            makers += each.get().made() ? 1 : 0;
        }
        assertEquals(1, makers);
    }

    @Test
    void findsTheFolderOfAProjectAndMakesItAgain() {
        Project project = project("team/kite", true);

        assertEquals(root.resolve("team/kite"), workspaces.folder(project));
        assertTrue(Files.isDirectory(root.resolve("team/kite")));
    }

    @Test
    void leavesAFolderThatItDidNotMake() throws IOException {
        Files.createDirectories(root.resolve("kite/src"));

        assertFalse(workspaces.remove(project("kite", false)));
        assertEquals(List.of("src"), names(root.resolve("kite")));
    }

    @Test
    void takesBackAFolderThatNoProjectCameToHave() throws IOException {
        Folder unused = workspaces.create("a");
        Folder used = workspaces.create("b");
        Folder found = workspaces.create("b");
        Files.writeString(used.place().resolve("file"), "x");

        workspaces.discard(unused);
        workspaces.discard(used);
        workspaces.discard(found);
        workspaces.discard(unused);

        assertEquals(List.of("b"), names(root));
    }

    private static Project project(String path, boolean folderMade) {
        Project sample = Samples.project(path);
        return new Project(
                sample.id(),
                sample.tenant(),
                sample.name(),
                sample.description(),
                path,
                folderMade,
                sample.createdAt(),
                sample.updatedAt());
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
