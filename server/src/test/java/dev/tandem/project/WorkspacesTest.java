package dev.tandem.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.project.Workspaces.Folder;
import dev.tandem.storage.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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

    static Stream<String> attacks() {
        return Stream.of(
                "",
                ".",
                "./",
                "/",
                "//",
                "..",
                "../secret",
                "a/../../secret",
                "a/..",
                "a/../b",
                "./..",
                "/etc",
                "//server/share",
                "\\etc",
                "..\\secret",
                "a\\b",
                "C:",
                "C:\\Windows",
                "c:/windows",
                "a:b",
                "a//b",
                "a///",
                "a\0b",
                "a\nb",
                "a\u0085b",
                "\u007f",
                " a",
                "a ",
                "a.",
                "a/.. ",
                "...",
                "con",
                "NUL.txt",
                "a/Lpt1",
                ".tandem",
                ".Tandem-old/a",
                "a*",
                "a".repeat(256),
                "ü".repeat(128),
                "a/".repeat(33) + "a",
                "a/".repeat(600),
                "a\ud800b");
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void refusesAPathThatLeadsOutOrCouldBeMisunderstood(String path) throws IOException {
        Failure failure = assertThrows(Failure.class, () -> workspaces.create(path));

        assertEquals(FailureCode.INVALID_REQUEST, failure.code());
        assertEquals(Optional.of("path"), failure.param());
        assertEquals(List.of("root", "secret"), names(outer));
    }

    @Test
    void refusesAFile() throws IOException {
        Files.writeString(root.resolve("file"), "x");

        assertRefused("file");
        assertRefused("file/below");
    }

    @Test
    void refusesALinkThatLeavesTheRoot() throws IOException {
        Files.createSymbolicLink(root.resolve("absolute"), secret);
        Files.createSymbolicLink(root.resolve("relative"), Path.of("../secret"));
        Files.createDirectory(root.resolve("a"));
        Files.createSymbolicLink(root.resolve("a/up"), Path.of("../.."));
        Files.createSymbolicLink(root.resolve("chain"), Path.of("absolute"));

        for (String path : List.of("absolute", "relative", "a/up", "a/up/secret", "chain")) {
            assertRefused(path);
            assertRefused(path + "/new");
        }
        assertEquals(List.of("key"), names(secret));
    }

    @Test
    void refusesALinkToTheRootItselfToNothingAndToItself() throws IOException {
        Files.createSymbolicLink(root.resolve("root"), root);
        Files.createSymbolicLink(root.resolve("dangling"), secret.resolve("new"));
        Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));

        List.of("root", "dangling", "loop").forEach(this::assertRefused);
        assertEquals(List.of("key"), names(secret));
    }

    @Test
    void aFolderBesideTheRootWithALongerNameIsOutside() throws IOException {
        Path beside = Files.createDirectory(outer.resolve("root-2"));
        Files.createSymbolicLink(root.resolve("beside"), beside);

        assertRefused("beside");
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
    void refusesAProjectWhoseFolderBecameALink() throws IOException {
        Project project = project("kite", true);
        Files.createDirectories(root.resolve("other"));
        Files.createSymbolicLink(root.resolve("kite"), Path.of("other"));

        assertReplaced(() -> workspaces.folder(project));
        assertReplaced(() -> workspaces.remove(project));
        assertTrue(Files.isDirectory(root.resolve("other")));
    }

    @Test
    void removesWhatItMadeAndNothingThatLinksLeadTo() throws IOException {
        Folder made = workspaces.create("team/kite");
        Files.createDirectories(made.place().resolve("src/main"));
        Files.writeString(made.place().resolve("src/main/a"), "x");
        Files.createSymbolicLink(made.place().resolve("src/out"), secret);
        Files.createSymbolicLink(made.place().resolve("key"), secret.resolve("key"));
        Files.createSymbolicLink(made.place().resolve("up"), Path.of(".."));
        Files.createDirectory(root.resolve("team/other"));

        assertTrue(workspaces.remove(project("team/kite", true)));

        assertFalse(Files.exists(made.place(), LinkOption.NOFOLLOW_LINKS));
        assertEquals(List.of("other"), names(root.resolve("team")));
        assertEquals("hush", Files.readString(secret.resolve("key")));
        assertFalse(workspaces.remove(project("team/kite", true)));
    }

    @Test
    void leavesAFolderThatItDidNotMake() throws IOException {
        Files.createDirectories(root.resolve("kite/src"));

        assertFalse(workspaces.remove(project("kite", false)));
        assertEquals(List.of("src"), names(root.resolve("kite")));
    }

    @Test
    void removesNothingThroughALinkOnTheWay() throws IOException {
        Files.createDirectories(secret.resolve("kite"));
        Files.createSymbolicLink(root.resolve("team"), secret);

        assertReplaced(() -> workspaces.remove(project("team/kite", true)));
        assertEquals(List.of("key", "kite"), names(secret));
    }

    @Test
    void removesNothingOutsideWhateverTheStoreSays() throws IOException {
        for (String path : List.of("../secret", "/etc", "", ".")) {
            assertThrows(Failure.class, () -> workspaces.remove(project(path, true)));
        }
        assertEquals(List.of("key"), names(secret));
        assertTrue(Files.isDirectory(root));
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

    private void assertRefused(String path) {
        Failure failure = assertThrows(Failure.class, () -> workspaces.create(path), path);
        assertEquals(FailureCode.INVALID_REQUEST, failure.code(), failure::text);
        assertEquals(Optional.of("path"), failure.param());
    }

    private static void assertReplaced(Runnable call) {
        Failure failure = assertThrows(Failure.class, call::run);
        assertEquals(FailureCode.CONFLICT, failure.code());
        assertEquals(Optional.of("path"), failure.param());
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
