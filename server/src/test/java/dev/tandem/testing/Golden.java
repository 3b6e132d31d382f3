package dev.tandem.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Expected outputs that are kept in files under `src/test/resources/golden`.
/// `-Dgolden.update=true` writes what came out instead of comparing it; read the difference before
/// it is committed.
public final class Golden {
    private static final Path FOLDER = Path.of("src/test/resources/golden");

    private Golden() {}

    /// Compares a text with the file of this path below the folder.
    public static void check(String path, String actual) {
        String text = actual.endsWith("\n") ? actual : actual + "\n";
        Path file = FOLDER.resolve(path);
        try {
            if (Boolean.getBoolean("golden.update")) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, text);
            }
            assertEquals(Files.readString(file), text, path);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /// An input of a case.
    public static byte[] input(String path) {
        try {
            return Files.readString(FOLDER.resolve(path)).getBytes(StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
