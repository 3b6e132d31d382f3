package dev.tandem.provider.local;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// llama.cpp's shared library, unpacked where nobody else writes.
///
/// Left alone, its loader unpacks it under a fixed name into the directory for temporary files,
/// which all users share, deletes there whatever begins with `llama`, and says so on the standard
/// output.
final class NativeLibrary implements AutoCloseable {
    private static final String PATH = "de.kherud.llama.lib.path";
    private static final String TEMPORARY = "de.kherud.llama.tmpdir";

    private final Path directory;

    private NativeLibrary(Path directory) {
        this.directory = directory;
    }

    /// Unpacks it and shows the loader the place, unless an operator did. Closing takes the file
    /// away again; the process keeps what it loaded.
    static NativeLibrary unpacked() throws IOException {
        Path directory = Files.createTempDirectory("tandem-llama-");
        if (System.getProperty(PATH) == null) {
            String file = System.mapLibraryName("jllama");
            try (InputStream bytes =
                    NativeLibrary.class.getResourceAsStream(folder() + "/" + file)) {
                if (bytes == null) {
                    throw new FileNotFoundException("llama.cpp is not built for " + folder());
                }
                Files.copy(bytes, directory.resolve(file));
            }
            System.setProperty(PATH, directory.toString());
            System.setProperty(TEMPORARY, directory.toString());
        }
        return new NativeLibrary(directory);
    }

    @Override
    public void close() throws IOException {
        if (directory.toString().equals(System.getProperty(PATH))) {
            System.clearProperty(PATH);
        }
        Files.deleteIfExists(directory.resolve(System.mapLibraryName("jllama")));
        Files.delete(directory);
    }

    private static String folder() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch");
        return "/de/kherud/llama/"
                + (system.startsWith("mac")
                        ? "Mac"
                        : system.startsWith("win") ? "Windows" : "Linux")
                + "/"
                + (processor.equals("amd64") ? "x86_64" : processor);
    }
}
