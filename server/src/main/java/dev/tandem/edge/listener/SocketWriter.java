package dev.tandem.edge.listener;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Writes what an HTTP/2 connection has to say to its socket, on a thread of its own: the event
/// loop must not wait for a slow client. What is written and not yet sent is counted, not bounded:
/// the channel asks [#hasRoom] before it adds.
final class SocketWriter {

    /// Nothing to write: the end.
    private static final byte[] END = new byte[0];
    private static final int PENDING_BYTES_MAX = 128 << 10;
    private static final int RESUME_BYTES = 64 << 10;

    private final DataWriter socket;
    private final Runnable roomAgain;
    private final Runnable done;
    private final LinkedBlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger pendingBytes = new AtomicInteger();
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean full;

    /// @param roomAgain called when there is room after there was none
    /// @param done called once, after the last byte or when the socket refuses
    SocketWriter(DataWriter socket, Runnable roomAgain, Runnable done) {
        this.socket = socket;
        this.roomAgain = roomAgain;
        this.done = done;
    }

    void start() {
        Thread.ofVirtual().name("http2-writer").start(this::run);
    }

    boolean hasRoom() {
        if (pendingBytes.get() < PENDING_BYTES_MAX) {
            return true;
        }
        full = true;
        return pendingBytes.get() < PENDING_BYTES_MAX;
    }

    void add(byte[] bytes) {
        if (bytes.length > 0) {
            pendingBytes.addAndGet(bytes.length);
            queue.add(bytes);
        }
    }

    /// Lets the writer end after what was added before.
    void end() {
        queue.add(END);
    }

    void awaitEnd(Duration limit) throws InterruptedException {
        boolean ignored = finished.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void run() {
        try {
            for (byte[] bytes = queue.take(); bytes.length > 0; bytes = queue.take()) {
                socket.writeNow(BufferData.create(bytes));
                written(bytes.length);
            }
            socket.close();
        } catch (RuntimeException | InterruptedException e) {
            // the socket is gone, and with it whoever would read an answer
        } finally {
            finished.countDown();
            done.run();
        }
    }

    private void written(int bytes) {
        if (pendingBytes.addAndGet(-bytes) < RESUME_BYTES && full) {
            full = false;
            roomAgain.run();
        }
    }
}
