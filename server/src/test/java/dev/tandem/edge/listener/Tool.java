package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;

/// Programs the tests run. Where one is missing, its test is skipped, and fails on CI.
final class Tool {

    private static final boolean ON_CI = Boolean.parseBoolean(System.getenv("CI"));
    private static final long MINUTES_MAX = 3;

    private Tool() {}

    /// Installs what a test needs into a folder.
    interface Install {
        void into(Path folder) throws IOException, InterruptedException;
    }

    /// Goes on only if a program is there.
    static void required(String... command) throws InterruptedException {
        missing(isThere(command), command[0] + " is not installed");
    }

    private static boolean isThere(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void missing(boolean there, String message) {
        if (ON_CI) {
            assertTrue(there, message);
        }
        assumeTrue(there, message);
    }

    /// Installs unless it was done before from the same list. An installation that fails counts as
    /// a missing program: it needs a network.
    static void prepared(Path folder, Path list, Install install)
            throws IOException, InterruptedException {
        Path done = folder.resolve("done");
        if (Files.exists(done) && Files.mismatch(done, list) < 0) {
            return;
        }
        Files.createDirectories(folder);
        copy(list, folder);
        try {
            install.into(folder);
        } catch (AssertionError e) {
            missing(false, "cannot be installed: " + e.getMessage());
        }
        Files.copy(list, done, StandardCopyOption.REPLACE_EXISTING);
    }

    static void copy(Path file, Path folder) throws IOException {
        Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }

    /// A Go program, built once and kept for the next time.
    static String go(String module, String version) throws IOException, InterruptedException {
        Path tools = Path.of(System.getProperty("user.home"), ".cache", "tandem-tools", version);
        String name = module.substring(module.lastIndexOf('/') + 1);
        Path program = tools.resolve(name);
        if (!Files.exists(program)) {
            required("go", "version");
            Files.createDirectories(tools);
            try {
                run(tools, "env", "GOBIN=" + tools, "go", "install", module + "@" + version);
            } catch (AssertionError e) {
                missing(false, name + " cannot be installed: " + e.getMessage());
            }
        }
        return program.toString();
    }

    /// Runs a program that has to succeed to its end, and returns what it said.
    static String run(Path folder, String... command) throws IOException, InterruptedException {
        return run(folder, true, command);
    }

    /// Runs a program to its end, however it ends, and returns what it said.
    static String runs(Path folder, String... command) throws IOException, InterruptedException {
        return run(folder, false, command);
    }

    /// Hears what a program says, line by line.
    interface Hear {
        void line(String line);
    }

    /// Runs a program to its end, whatever that is, and listens to it.
    static void heard(Path folder, Hear hear, String... command)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                hear.line(line);
            }
        }
        if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
    }

    /// Runs a program to its end, however it ends, with a file as its input.
    static String fed(Path folder, Path input, String... command)
            throws IOException, InterruptedException {
        return run(new ProcessBuilder(command).redirectInput(input.toFile()), folder, false);
    }

    private static String run(Path folder, boolean hasToSucceed, String... command)
            throws IOException, InterruptedException {
        return run(new ProcessBuilder(command), folder, hasToSucceed);
    }

    private static String run(ProcessBuilder program, Path folder, boolean hasToSucceed)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("tool", ".txt");
        try {
            Process process =
                    program.directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                fail(program.command().getFirst() + " took longer than " + MINUTES_MAX + " min");
            }
            String said = Files.readString(output, StandardCharsets.UTF_8);
            assertTrue(!hasToSucceed || process.exitValue() == 0, said);
            return said;
        } finally {
            Files.delete(output);
        }
    }
}
