package dev.tandem.provider.local;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// The weights that tests with a real model need.
final class ModelFile {
    private ModelFile() {}

    /// Their file. Without it a test is skipped on a developer's machine, and fails where CI is
    /// set.
    static Path required() {
        Path file =
                LocalSettings.defaultModelFile(
                        System.getenv(), Path.of(System.getProperty("user.home")));
        boolean there = Files.isReadable(file);
        String missing = "no model file at " + file + ": fetch it with `make model`";
        if (Boolean.parseBoolean(System.getenv("CI"))) {
            assertTrue(there, missing);
        }
        Assumptions.assumeTrue(there, missing);
        return file;
    }
}
