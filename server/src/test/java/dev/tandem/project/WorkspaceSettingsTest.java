package dev.tandem.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class WorkspaceSettingsTest {
    @Test
    void hasADefaultForEverything() {
        assertEquals(Path.of("workspaces"), WorkspaceSettings.DEFAULTS.root());
    }

    @Test
    void keepsWhatIsSet() {
        assertEquals(Path.of("a/b"), new WorkspaceSettings(Path.of("a/b")).root());
    }

    @Test
    void saysWhatIsWrong() {
        assertRefused("workspaces.root must not be empty", Path.of(""));
        assertRefused("workspaces.root must not be a whole file system, was /", Path.of("/"));
        assertRefused(
                "workspaces.root must not be a whole file system, was /a/..", Path.of("/a/.."));
    }

    private static void assertRefused(String message, Path root) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> new WorkspaceSettings(root))
                        .getMessage());
    }
}
