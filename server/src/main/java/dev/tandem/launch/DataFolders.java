package dev.tandem.launch;

import java.nio.file.Path;
import java.util.Map;

/// Where a user's data belongs, by the conventions of their system.
final class DataFolders {
    private DataFolders() {}

    /// `$XDG_DATA_HOME/tandem`, else `~/.local/share/tandem`.
    static Path data(Map<String, String> environment, Path home) {
        String set = environment.getOrDefault("XDG_DATA_HOME", "");
        Path base = set.isBlank() ? home.resolve(".local/share") : Path.of(set);
        return base.resolve("tandem");
    }
}
