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
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Paths and links that try to lead out of the root.
final class WorkspaceEscapeTest {
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
    void refusesAProjectWhoseFolderBecameALink() throws IOException {
        Project project = project("kite", true);
        Files.createDirectories(root.resolve("other"));
        Files.createSymbolicLink(root.resolve("kite"), Path.of("other"));

        assertReplaced(() -> workspaces.folder(project));
        assertReplaced(() -> workspaces.remove(project));
        assertTrue(Files.isDirectory(root.resolve("other")));
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
