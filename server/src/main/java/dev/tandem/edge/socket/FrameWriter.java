package dev.tandem.edge.socket;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// Sends frames, those of one writer after those of another. While a client takes nothing, all of
/// its writers wait; the listener cuts it when one write takes too long, and then all of them hear
/// that it is gone.
///
/// A thread that is inside of a write must not be interrupted: that would close the socket.
final class FrameWriter {
    private final DataWriter socket;
    private final ReentrantLock lock = new ReentrantLock();
    private final CountDownLatch closed = new CountDownLatch(1);

    FrameWriter(DataWriter socket) {
        this.socket = socket;
    }

    /// Sends frames, and blocks while the client does not take them.
    ///
    /// @throws InterruptedException when the socket is closed, by either side
    void send(Frames frames) throws InterruptedException {
        lock.lock();
        try {
            if (isClosed()) {
                throw new InterruptedException("The WebSocket is closed.");
            }
            write(frames);
        } finally {
            lock.unlock();
        }
    }

    /// Says that nothing follows, unless that was said before.
    void close(Closing closing) {
        lock.lock();
        try {
            if (!isClosed()) {
                closed.countDown();
                write(Frames.close(closing));
            }
        } catch (InterruptedException gone) {
            // nobody is left to be told
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    /// Waits until nothing more can be sent.
    ///
    /// @return whether that is so
    boolean awaitClosed(Duration limit) throws InterruptedException {
        return closed.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void write(Frames frames) throws InterruptedException {
        try {
            socket.writeNow(BufferData.create(frames.take()));
        } catch (RuntimeException gone) {
            closed.countDown();
            InterruptedException left = new InterruptedException("The client has left.");
            left.initCause(gone);
            throw left;
        }
    }
}
