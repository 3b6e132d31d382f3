package dev.tandem.edge.listener;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import java.time.Duration;

/// Writes answers to an HTTP/1.1 client, one bounded write after the other. An interrupt that is
/// already pending waits until the write is done: it would close the socket, and a client that only
/// closed its own side may still be reading.
final class ResponseWriter implements DataWriter {

    private final DataWriter socket;
    private final Deadline deadline;
    private final Duration timeout;

    ResponseWriter(DataWriter socket, Deadline deadline, Duration timeout) {
        this.socket = socket;
        this.deadline = deadline;
        this.timeout = timeout;
    }

    @Override
    public void write(BufferData... buffers) {
        bounded(() -> socket.write(buffers));
    }

    @Override
    public void write(BufferData buffer) {
        bounded(() -> socket.write(buffer));
    }

    @Override
    public void writeNow(BufferData... buffers) {
        bounded(() -> socket.writeNow(buffers));
    }

    @Override
    public void writeNow(BufferData buffer) {
        bounded(() -> socket.writeNow(buffer));
    }

    @Override
    public void flush() {
        bounded(socket::flush);
    }

    @Override
    public void close() {
        bounded(socket::close);
    }

    private void bounded(Runnable write) {
        boolean interrupted = Thread.interrupted();
        deadline.in(timeout);
        try {
            write.run();
        } finally {
            deadline.clear();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
