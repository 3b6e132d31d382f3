package dev.tandem.mcp.stdio;

import dev.tandem.mcp.McpTransport;
import dev.tandem.mcp.stdio.LineReader.Line;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An MCP server as a child process: one JSON message a line, and its log on standard error.
/// Closing ends it with all that it has started: first by the end of its input, then by force. When
/// it ends by itself, what it leaves behind is ended, too.
///
/// Its streams are read and written by threads of the system: a read from a pipe would hold a
/// carrier of the virtual ones for as long as the server says nothing.
public final class StdioTransport implements McpTransport {
    private static final int MESSAGE_BYTES_MAX = 32 << 20;
    private static final int LOG_LINE_BYTES_MAX = 4096;
    private static final int LOG_LINES_MAX = 500;

    /// From the end of the server's output to its own end, which says more.
    private static final long EXIT_MILLIS = 50;

    private final StdioCommand command;
    private final Consumer<String> logged;
    private final Deque<String> log = new ArrayDeque<>();
    private @Nullable Life life;
    private boolean closed;

    /// One run of the program.
    ///
    /// @param over whether its end is told, or about to be
    /// @param told open once its end is told
    private record Life(
            ServerProcess server,
            Outbox outbox,
            Receiver receiver,
            AtomicBoolean over,
            CountDownLatch told) {}

    public StdioTransport(StdioCommand command) {
        this(command, _ -> {});
    }

    /// @param logged told each line of the server's log; must not block
    public StdioTransport(StdioCommand command, Consumer<String> logged) {
        this.command = command;
        this.logged = logged;
    }

    @Override
    public synchronized void open(Receiver receiver) throws IOException {
        if (closed) {
            throw new IOException("it was stopped");
        }
        Life begun =
                new Life(
                        ServerProcess.start(command),
                        new Outbox(),
                        receiver,
                        new AtomicBoolean(),
                        new CountDownLatch(1));
        life = begun;
        Process process = begun.server().process();
        thread("mcp-read", () -> read(begun));
        thread("mcp-log", () -> keepLog(process.getErrorStream()));
        thread("mcp-write", () -> begun.outbox().writeTo(process.getOutputStream()));
        // a grandchild may hold the server's output open for longer than the server lives
        CompletableFuture<Void> _ = process.onExit().thenAccept(dead -> over(begun, exit(dead)));
    }

    private static void thread(String name, Runnable task) {
        Thread.ofPlatform().name(name).daemon().start(task);
    }

    @Override
    public boolean reopens() {
        return true;
    }

    private void read(Life from) {
        InputStream output = from.server().process().getInputStream();
        String why = "it closed its output";
        try {
            LineReader lines = new LineReader(output, MESSAGE_BYTES_MAX);
            for (Optional<Line> line = lines.next(); line.isPresent(); line = lines.next()) {
                if (line.get().cut()) {
                    why = "it sent a message of more than " + MESSAGE_BYTES_MAX + " bytes";
                    break;
                }
                if (!line.get().text().isBlank()) {
                    from.receiver().received(line.get().text());
                }
            }
            if (from.server().endsWithin(EXIT_MILLIS)) {
                why = exit(from.server().process());
            }
        } catch (IOException broken) {
            why = "its output broke off: " + broken.getMessage();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        over(from, why);
    }

    /// Tells of the end once, and ends what is left.
    private void over(Life past, String why) {
        if (past.over().compareAndSet(false, true)) {
            past.receiver().ended(isClosed() ? "it was stopped" : why);
            past.told().countDown();
            past.outbox().close();
            past.server().end();
        }
    }

    private static String exit(Process dead) {
        return "it ended with " + dead.exitValue();
    }

    private void keepLog(InputStream errors) {
        LineReader lines = new LineReader(errors, LOG_LINE_BYTES_MAX);
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
        return life().map(one -> one.server().process().toHandle());
    }

    private synchronized Optional<Life> life() {
        return Optional.ofNullable(life);
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public void send(Outgoing message) throws IOException {
        Life to = life().orElseThrow(() -> new IOException("it was not started"));
        try {
            to.outbox().add(message.json());
        } catch (IOException refused) {
            noticeEnd(to);
            throw refused;
        }
    }

    /// A program that takes nothing has perhaps ended. That is told first, for it says more, and
    /// whoever greets the program starts it again for that alone.
    private void noticeEnd(Life past) {
        try {
            if (past.server().endsWithin(EXIT_MILLIS)) {
                over(past, exit(past.server().process()));
                boolean _ = past.told().await(EXIT_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        life().ifPresent(
                        one -> {
                            one.outbox().close();
                            one.server().end();
                        });
    }
}
