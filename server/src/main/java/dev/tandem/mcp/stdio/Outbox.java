package dev.tandem.mcp.stdio;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/// Lines that wait for a program to read them, in the order in which they were sent. Nobody but its
/// own writer is held by a program that reads nothing.
final class Outbox {
    private static final long BYTES_MAX = 64 << 20;

    private final Deque<byte[]> lines = new ArrayDeque<>();
    private long bytes;
    private boolean closed;

    /// @throws IOException where the program is gone, or has left too much unread
    synchronized void add(String text) throws IOException {
        byte[] line = (text + "\n").getBytes(StandardCharsets.UTF_8);
        if (closed) {
            throw new IOException("it was stopped");
        }
        if (bytes > 0 && bytes + line.length > BYTES_MAX) {
            throw new IOException("it has left more than " + BYTES_MAX + " bytes unread");
        }
        lines.add(line);
        bytes += line.length;
        notifyAll();
    }

    /// Writes until it is closed, or the program reads no more.
    void writeTo(OutputStream out) {
        try {
            for (byte[] line = next(out); line.length > 0; line = next(out)) {
                out.write(line);
                written(line);
            }
        } catch (IOException gone) {
            close();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /// The next line; without any once it is closed. What was written is out before it waits.
    private byte[] next(OutputStream out) throws IOException, InterruptedException {
        synchronized (this) {
            if (!lines.isEmpty() || closed) {
                return first();
            }
        }
        out.flush();
        synchronized (this) {
            while (lines.isEmpty() && !closed) {
                wait();
            }
            return first();
        }
    }

    private byte[] first() {
        return closed ? new byte[0] : lines.removeFirst();
    }

    private synchronized void written(byte[] line) {
        bytes -= line.length;
    }

    /// Takes no more; what waits is gone.
    synchronized void close() {
        closed = true;
        lines.clear();
        notifyAll();
    }
}
