package dev.tandem.mcp.stdio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A program with all that it starts, also what has lost its parent: they are one process group,
/// where the system has `setsid`. Java can signal a process, and no group; a shell can.
final class ProcessGroup {
    private static final Optional<Path> SETSID = onPath("setsid");
    private static final long SHELL_MILLIS = 2000;
    private static final long LOOK_MILLIS = 20;

    private final long leader;

    private ProcessGroup(long leader) {
        this.leader = leader;
    }

    /// The words that start a program at the head of a group of its own.
    static List<String> leading(List<String> words) {
        List<String> all = new ArrayList<>();
        SETSID.ifPresent(setsid -> all.add(setsid.toString()));
        all.addAll(words);
        return all;
    }

    /// The group of a process that was started with [#leading]; empty where there are none.
    static Optional<ProcessGroup> of(Process leader) {
        return SETSID.isPresent() ? Optional.of(new ProcessGroup(leader.pid())) : Optional.empty();
    }

    static Optional<Path> onPath(String program) {
        return onPath(program, Optional.ofNullable(System.getenv("PATH")).orElse(""));
    }

    /// @param path folders, divided by colons
    static Optional<Path> onPath(String program, String path) {
        return Stream.of(path.split(":", -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(file -> Files.isExecutable(file) && !Files.isDirectory(file))
                .findFirst();
    }

    /// Asks everybody in it to end.
    ///
    /// @return whether there is anybody
    boolean terminate() {
        return signal("TERM");
    }

    void kill() {
        boolean _ = signal("KILL");
    }

    /// Whether nobody is left within a time.
    boolean isEmptyWithin(long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (signal("0")) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return true;
    }

    private boolean signal(String name) {
        try {
            Process shell =
                    new ProcessBuilder(
                                    "/bin/sh",
                                    "-c",
                                    "kill -s \"$0\" -- \"-$1\"",
                                    name,
                                    Long.toString(leader))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            shell.getOutputStream().close();
            return shell.waitFor(SHELL_MILLIS, TimeUnit.MILLISECONDS) && shell.exitValue() == 0;
        } catch (IOException noShell) {
            return false;
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
