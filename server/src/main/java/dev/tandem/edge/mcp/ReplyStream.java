package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What is said to a client in answer to one HTTP request: messages with numbers from 1, the
/// answers that were asked for among them. It is over with the last of those. Written by the
/// threads of calls, read by that of the HTTP request, and by another where the client comes back:
/// then the former reader finds it over. Of messages that are no answers the oldest are forgotten
/// where nobody takes them.
final class ReplyStream {
    private final String name;
    private final boolean replays;
    private final int bytesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Item> items = new ArrayDeque<>();
    private int awaited;
    private boolean over;
    private boolean spoken;
    private long last;
    private long bytes;
    private int reader;

    /// A message that waits to be sent.
    ///
    /// @param status of an HTTP answer that is nothing but this; 0 for what is no answer
    record Item(long number, byte[] json, int status) {
        boolean isAnswer() {
            return status != 0;
        }
    }

    /// What a stream turns out to be.
    enum Beginning {
        /// All answers are there, and nothing else.
        WHOLE,
        /// There is something to say before the answer.
        SPEAKS,
        /// Nothing has been said so far.
        SILENT
    }

    /// @param name unique in its session
    /// @param awaited how many answers end it
    /// @param replays whether messages are kept for a client that comes back
    /// @param bytesMax how much is kept
    ReplyStream(String name, int awaited, boolean replays, int bytesMax) {
        this.name = name;
        this.awaited = awaited;
        this.replays = replays;
        this.bytesMax = bytesMax;
    }

    String name() {
        return name;
    }

    /// Whether a client can come back for it.
    boolean replays() {
        return replays;
    }

    /// Says something that is no answer.
    void send(ObjectNode message) {
        add(message, 0);
    }

    /// Gives one of the answers that are awaited.
    ///
    /// @param status of an HTTP answer that is nothing but this
    void answer(ObjectNode message, int status) {
        add(message, status);
    }

    /// One answer less is awaited: its request was cancelled.
    void giveUp() {
        locked(() -> awaited(awaited - 1));
    }

    /// Ends it, whatever is awaited.
    void end() {
        locked(() -> awaited(0));
    }

    private void add(ObjectNode message, int status) {
        byte[] json = Json.bytes(message);
        locked(
                () -> {
                    if (over) {
                        return;
                    }
                    items.add(new Item(++last, json, status));
                    bytes += json.length;
                    forget();
                    if (status == 0) {
                        spoken = true;
                    } else {
                        awaited(awaited - 1);
                    }
                });
    }

    private void forget() {
        Iterator<Item> oldest = items.iterator();
        while (bytes > bytesMax && oldest.hasNext()) {
            Item item = oldest.next();
            if (!item.isAnswer()) {
                bytes -= item.json().length;
                oldest.remove();
            }
        }
    }

    private void awaited(int left) {
        awaited = left;
        over |= left <= 0;
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Begins to read in place of whoever has read so far.
    ///
    /// @return stands for this reader
    int enter() {
        lock.lock();
        try {
            changed.signalAll();
            return ++reader;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until it is known what the stream is, or a while.
    Beginning begins(Duration wait) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = wait.toNanos();
            while (!over && !spoken && left > 0) {
                left = changed.awaitNanos(left);
            }
            return spoken ? Beginning.SPEAKS : over ? Beginning.WHOLE : Beginning.SILENT;
        } finally {
            lock.unlock();
        }
    }

    /// The answers that are there.
    List<Item> answers() {
        lock.lock();
        try {
            return items.stream().filter(Item::isAnswer).toList();
        } finally {
            lock.unlock();
        }
    }

    /// The next message after a number; waits for it a while.
    Optional<Item> next(int who, long after, Duration wait) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = wait.toNanos();
            Optional<Item> found = find(after);
            while (found.isEmpty() && !over && who == reader && left > 0) {
                left = changed.awaitNanos(left);
                found = find(after);
            }
            return who == reader ? found : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private Optional<Item> find(long after) {
        while (!replays && !items.isEmpty() && items.getFirst().number() <= after) {
            bytes -= items.removeFirst().json().length;
        }
        return items.stream().filter(item -> item.number() > after).findFirst();
    }

    /// Whether a reader has nothing to wait for any more.
    boolean isOver(int who, long after) {
        lock.lock();
        try {
            return who != reader || (over && after >= last);
        } finally {
            lock.unlock();
        }
    }

    /// Waits until somebody else reads, or it is over, or a while.
    ///
    /// @return whether one of these was the case
    boolean isTaken(int who, Duration wait) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = wait.toNanos();
            while (!over && who == reader && left > 0) {
                left = changed.awaitNanos(left);
            }
            return over || who != reader;
        } finally {
            lock.unlock();
        }
    }

    /// Whether all answers were given.
    boolean isOver() {
        lock.lock();
        try {
            return over;
        } finally {
            lock.unlock();
        }
    }
}
