package dev.tandem.edge.listener;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Request bytes between the thread that receives them and the one that parses them.
final class ByteQueue {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<byte[]> chunks = new ArrayDeque<>();
    private final int bytesMax;
    private int bytes;
    private boolean ended;

    /// @param bytesMax bytes from which on the queue counts as full; it takes one chunk beyond it
    ByteQueue(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// Adds a chunk, and waits while the queue is full.
    void put(byte[] chunk) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (bytes >= bytesMax && !ended) {
                changed.await();
            }
            append(chunk);
        } finally {
            lock.unlock();
        }
    }

    /// Adds a chunk without waiting.
    void add(byte[] chunk) {
        lock.lock();
        try {
            append(chunk);
        } finally {
            lock.unlock();
        }
    }

    boolean isFull() {
        lock.lock();
        try {
            return bytes >= bytesMax;
        } finally {
            lock.unlock();
        }
    }

    /// Whether so much was taken that whoever fills the queue may go on for a while.
    boolean isHalfEmpty() {
        lock.lock();
        try {
            return bytes <= bytesMax / 2;
        } finally {
            lock.unlock();
        }
    }

    /// Says that nothing follows what was added so far.
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The next chunk if it is already here.
    byte @Nullable [] poll() {
        lock.lock();
        try {
            return chunks.isEmpty() ? null : removeFirst();
        } finally {
            lock.unlock();
        }
    }

    /// The next chunk, or null at the end.
    byte @Nullable [] take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (chunks.isEmpty() && !ended) {
                changed.await();
            }
            return chunks.isEmpty() ? null : removeFirst();
        } finally {
            lock.unlock();
        }
    }

    /// The next chunk, or null at the end.
    ///
    /// @throws TimeoutException if none arrives in time
    byte @Nullable [] take(Duration timeout) throws InterruptedException, TimeoutException {
        lock.lockInterruptibly();
        try {
            long left = timeout.toNanos();
            while (chunks.isEmpty() && !ended) {
                if (left <= 0) {
                    throw new TimeoutException("no request body for " + timeout);
                }
                left = changed.awaitNanos(left);
            }
            return chunks.isEmpty() ? null : removeFirst();
        } finally {
            lock.unlock();
        }
    }

    private void append(byte[] chunk) {
        if (!ended) {
            chunks.add(chunk);
            bytes += chunk.length;
            changed.signalAll();
        }
    }

    private byte[] removeFirst() {
        byte[] chunk = chunks.remove();
        bytes -= chunk.length;
        changed.signalAll();
        return chunk;
    }
}
