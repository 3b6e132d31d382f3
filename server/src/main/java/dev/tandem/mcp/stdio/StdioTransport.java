package dev.tandem.mcp.stdio;

import dev.tandem.mcp.McpTransport;
import dev.tandem.mcp.stdio.LineReader.Line;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// An MCP server as a child process: one JSON message a line, and its log on standard error.
/// Closing ends it with all that it has started: first by the end of its input, then by force.
public final class StdioTransport implements McpTransport {
    private static final int MESSAGE_BYTES_MAX = 32 << 20;
    private static final int LOG_LINE_BYTES_MAX = 4096;
    private static final int LOG_LINES_MAX = 500;
    private static final long LEAVE_MILLIS = 1000;

    /// From the end of the server's output to its own end, which says more.
    private static final long EXIT_MILLIS = 50;

    private static final List<String> HANDED_ON =
            List.of("PATH", "HOME", "USER", "LANG", "LC_ALL", "TMPDIR", "TZ", "SHELL");

    private final StdioCommand command;
    private final ReentrantLock writing = new ReentrantLock();
    private final Deque<String> log = new ArrayDeque<>();
    private final Consumer<String> logged;
    private final AtomicBoolean told = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Process process;

    public StdioTransport(StdioCommand command) {
        this(command, _ -> {});
    }

    /// @param logged told each line of the server's log; must not block
    public StdioTransport(StdioCommand command, Consumer<String> logged) {
        this.command = command;
        this.logged = logged;
    }

    @Override
    public void open(Receiver receiver) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command.words());
        builder.directory(command.folder().toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(HANDED_ON);
        environment.putAll(command.environment());
        Process started = builder.start();
        process = started;
        Thread.ofVirtual().name("mcp-read").start(() -> read(started, receiver));
        Thread.ofVirtual().name("mcp-log").start(() -> keepLog(started));
        // a grandchild may hold the server's output open for longer than the server lives
        CompletableFuture<Void> _ = started.onExit().thenAccept(dead -> tell(receiver, exit(dead)));
    }

    private void read(Process from, Receiver receiver) {
        LineReader lines = new LineReader(from.getInputStream(), MESSAGE_BYTES_MAX);
        String why = "it closed its output";
        try {
            for (Optional<Line> line = lines.next(); line.isPresent(); line = lines.next()) {
                if (line.get().cut()) {
                    why = "it sent a message of more than " + MESSAGE_BYTES_MAX + " bytes";
                    break;
                }
                if (!line.get().text().isBlank()) {
                    receiver.received(line.get().text());
                }
            }
        } catch (IOException broken) {
            why = "its output broke off: " + broken.getMessage();
        }
        tell(receiver, endsWithin(from, EXIT_MILLIS) ? exit(from) : why);
    }

    private void tell(Receiver receiver, String why) {
        if (told.compareAndSet(false, true)) {
            receiver.ended(closed.get() ? "it was stopped" : why);
        }
    }

    private static String exit(Process dead) {
        return "it ended with " + dead.exitValue();
    }

    private void keepLog(Process from) {
        LineReader lines = new LineReader(from.getErrorStream(), LOG_LINE_BYTES_MAX);
        try {
            for (Optional<Line> line = lines.next(); line.isPresent(); line = lines.next()) {
                keep(line.get().text());
            }
        } catch (IOException broken) {
            keep("(the log broke off: " + broken.getMessage() + ")");
        }
    }

    private void keep(String line) {
        synchronized (log) {
            if (log.size() == LOG_LINES_MAX) {
                log.removeFirst();
            }
            log.addLast(line);
        }
        logged.accept(line);
    }

    /// The last lines of the server's log, oldest first.
    public List<String> log() {
        synchronized (log) {
            return List.copyOf(log);
        }
    }

    /// The process; empty before it is opened.
    public Optional<ProcessHandle> process() {
        return Optional.ofNullable(process).map(Process::toHandle);
    }

    @Override
    public void send(Outgoing message) throws IOException {
        Process to = process;
        if (to == null) {
            throw new IOException("it was not started");
        }
        writing.lock();
        try {
            OutputStream out = to.getOutputStream();
            out.write((message.json() + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() {
        Process server = process;
        if (server == null || !closed.compareAndSet(false, true)) {
            return;
        }
        // before the server ends: after it, its children are no longer known to be its
        List<ProcessHandle> family = server.descendants().toList();
        closeInput(server);
        if (!endsWithin(server, LEAVE_MILLIS)) {
            server.destroy();
            family.forEach(ProcessHandle::destroy);
        }
        if (!endsWithin(server, LEAVE_MILLIS)) {
            server.destroyForcibly();
        }
        Stream.concat(family.stream(), server.descendants())
                .filter(ProcessHandle::isAlive)
                .forEach(ProcessHandle::destroyForcibly);
    }

    /// On a thread of its own: closing waits for a writer that the server does not read.
    private static void closeInput(Process server) {
        Thread.ofVirtual()
                .name("mcp-close")
                .start(
                        () -> {
                            try {
                                server.getOutputStream().close();
                            } catch (IOException gone) {
                                server.destroy();
                            }
                        });
    }

    private static boolean endsWithin(Process server, long millis) {
        try {
            return server.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return !server.isAlive();
        }
    }
}
