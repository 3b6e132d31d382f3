package dev.tandem.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Programs that tests run. Where one is missing, its test is skipped, and fails on CI.
public final class Tool {
    private static final boolean ON_CI = Boolean.parseBoolean(System.getenv("CI"));
    private static final long MINUTES_MAX = 5;

    private Tool() {}

    /// How a program ended.
    ///
    /// @param said on both of its outputs
    public record Ended(int exit, String said) {
        public List<String> lines() {
            return said.lines().toList();
        }
    }

    /// Installs what a test needs into a folder.
    public interface Install {
        void into(Path folder) throws IOException, InterruptedException;
    }

    /// Goes on only if a program is there.
    public static void required(String... command) throws InterruptedException {
        missing(isThere(command), String.join(" ", command) + " does not work here");
    }

    private static boolean isThere(String... command) throws InterruptedException {
        try {
            return ended(Path.of("."), command).exit() == 0;
        } catch (IOException absent) {
            return false;
        }
    }

    /// Goes on only if something is there.
    public static void missing(boolean there, String message) {
        if (ON_CI) {
            assertTrue(there, message);
        }
        assumeTrue(there, message);
    }

    /// Installs into `folder`, unless that was done before from the same files. An installation
    /// that fails counts as a missing program: it needs a network.
    ///
    /// @param lists say what to install; they are copied into the folder
    public static void prepared(Path folder, List<Path> lists, Install install)
            throws IOException, InterruptedException {
        Path done = folder.resolve("installed");
        StringBuilder wanted = new StringBuilder();
        for (Path list : lists) {
            wanted.append(Files.readString(list));
        }
        if (Files.exists(done) && Files.readString(done).contentEquals(wanted)) {
            return;
        }
        Files.createDirectories(folder);
        for (Path list : lists) {
            Files.copy(
                    list, folder.resolve(list.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
        try {
            install.into(folder);
        } catch (AssertionError failed) {
            missing(false, "cannot be installed: " + failed.getMessage());
        }
        Files.writeString(done, wanted);
    }

    /// Installs the packages of npm's lists into `folder`, as [#prepared] does.
    ///
    /// @param lists the folder that has the lists
    public static void npmPackages(Path folder, Path lists)
            throws IOException, InterruptedException {
        required("npm", "--version");
        prepared(
                folder,
                List.of(
                        lists.resolve("package.json"),
                        lists.resolve("package-lock.json"),
                        lists.resolve(".npmrc")),
                into -> run(into, "npm", "ci", "--silent"));
    }

    /// The command-line client of gRPC.
    public static String grpcurl() throws IOException, InterruptedException {
        return go("github.com/fullstorydev/grpcurl/cmd/grpcurl", "v1.9.4");
    }

    /// A Go program, built once and kept for the next time.
    private static String go(String module, String version)
            throws IOException, InterruptedException {
        Path tools = Path.of(System.getProperty("user.home"), ".cache", "tandem-tools", version);
        String name = module.substring(module.lastIndexOf('/') + 1);
        Path program = tools.resolve(name);
        if (!Files.exists(program)) {
            required("go", "version");
            Files.createDirectories(tools);
            try {
                run(tools, "env", "GOBIN=" + tools, "go", "install", module + "@" + version);
            } catch (AssertionError failed) {
                missing(false, name + " cannot be installed: " + failed.getMessage());
            }
        }
        return program.toString();
    }

    /// Runs a program that must succeed, and returns what it said.
    public static String run(Path folder, String... command)
            throws IOException, InterruptedException {
        Ended ended = ended(folder, command);
        assertEquals(0, ended.exit(), () -> String.join(" ", command) + "\n" + ended.said());
        return ended.said();
    }

    /// Runs a program to its end.
    public static Ended ended(Path folder, String... command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("tool", ".txt");
        try {
            Process process =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            process.getOutputStream().close();
            if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                fail(command[0] + " takes longer than " + MINUTES_MAX + " min");
            }
            return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            Files.delete(output);
        }
    }
}
