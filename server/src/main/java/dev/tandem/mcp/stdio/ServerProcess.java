package dev.tandem.mcp.stdio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A program that runs, with all that it has started. It ends once, and all with it: first by the
/// end of its input, then by TERM, then by KILL.
final class ServerProcess {
    private static final long LEAVE_MILLIS = 1000;

    private static final List<String> HANDED_ON =
            List.of("PATH", "HOME", "USER", "LANG", "LC_ALL", "TMPDIR", "TZ", "SHELL");

    private final Process process;
    private final Optional<ProcessGroup> group;
    private final Thread ending;

    private ServerProcess(Process process) {
        this.process = process;
        this.group = ProcessGroup.of(process);
        // outlives an interrupt of whoever ends it, and keeps this program alive until it is done
        this.ending = Thread.ofPlatform().name("mcp-end").daemon(false).unstarted(this::endAll);
    }

    /// @throws IOException where there is no such program, or it does not start
    static ServerProcess start(StdioCommand command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(ProcessGroup.leading(command.words()));
        builder.directory(command.folder().toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(HANDED_ON);
        environment.putAll(command.environment());
        // setsid would start, and say of the program only that it ended with 127
        if (!exists(command, environment.getOrDefault("PATH", ""))) {
            throw new IOException("there is no program " + command.words().getFirst());
        }
        return new ServerProcess(builder.start());
    }

    private static boolean exists(StdioCommand command, String path) {
        String program = command.words().getFirst();
        if (!program.contains("/")) {
            return ProcessGroup.onPath(program, path).isPresent();
        }
        Path file = command.folder().resolve(program);
        return Files.isExecutable(file) && !Files.isDirectory(file);
    }

    Process process() {
        return process;
    }

    boolean endsWithin(long millis) throws InterruptedException {
        return process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    /// Ends it with all that it has started, and waits for that unless it is interrupted. Ending
    /// again only waits.
    void end() {
        synchronized (ending) {
            if (ending.getState() == Thread.State.NEW) {
                ending.start();
            }
        }
        try {
            ending.join();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private void endAll() {
        try {
            // before it ends: after it, those that lead groups of their own are not known to be its
            List<ProcessHandle> family = process.descendants().toList();
            closeInput();
            if (!endsWithin(LEAVE_MILLIS)) {
                boolean _ = group.map(ProcessGroup::terminate).orElse(false);
                process.destroy();
                family.forEach(ProcessHandle::destroy);
            }
            if (!endsWithin(LEAVE_MILLIS)) {
                process.destroyForcibly();
            }
            if (group.isPresent() && group.get().terminate()) {
                endAll(group.get());
            }
            family.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
        } catch (InterruptedException never) {
            process.destroyForcibly();
        }
    }

    private static void endAll(ProcessGroup left) throws InterruptedException {
        if (!left.isEmptyWithin(LEAVE_MILLIS)) {
            left.kill();
        }
    }

    /// On a thread of its own: closing waits for a writer that the program does not read.
    private void closeInput() {
        Thread.ofPlatform()
                .name("mcp-close")
                .daemon()
                .start(
                        () -> {
                            try {
                                process.getOutputStream().close();
                            } catch (IOException gone) {
                                process.destroy();
                            }
                        });
    }
}
