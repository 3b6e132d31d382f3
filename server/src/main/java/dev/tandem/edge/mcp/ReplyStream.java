package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What is said to a client in answer to one HTTP request: messages with numbers from 1, the
/// answers that were asked for among them. It is over with the last of those. Written by the
/// threads of calls, read by that of the HTTP request, and by another where the client comes back:
/// then the former reader finds it over. Of news the oldest is forgotten where nobody takes it.
final class ReplyStream {
    private final String name;
    private final boolean replays;
    private final int charsMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final TreeMap<Long, Item> items = new TreeMap<>();
    private int awaited;
    private boolean over;
    private boolean spoken;
    private long last;
    private long chars;
    private int reader;

    /// A message that waits to be sent.
    ///
    /// @param status of an HTTP answer that is nothing but this; 0 for what is no answer
    /// @param kept whether it is sent in any case
    record Item(long number, String json, int status, boolean kept) {
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
    /// @param charsMax how much is kept
    ReplyStream(String name, int awaited, boolean replays, int charsMax) {
        this.name = name;
        this.awaited = awaited;
        this.replays = replays;
        this.charsMax = charsMax;
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
        add(message, 0, false);
    }

    /// Asks something, which must reach the client.
    void ask(ObjectNode message) {
        add(message, 0, true);
    }

    /// Gives one of the answers that are awaited.
    ///
    /// @param status of an HTTP answer that is nothing but this
    void answer(ObjectNode message, int status) {
        add(message, status, true);
    }

    /// One answer less is awaited: its request was cancelled.
    void giveUp() {
        locked(() -> awaited(awaited - 1));
    }

    /// Ends it, whatever is awaited.
    void end() {
        locked(() -> awaited(0));
    }

    private void add(ObjectNode message, int status, boolean kept) {
        String json = Json.text(message);
        locked(
                () -> {
                    if (over) {
                        return;
                    }
                    items.put(++last, new Item(last, json, status, kept));
                    chars += json.length();
                    forget();
                    if (status == 0) {
                        spoken = true;
                    } else {
                        awaited(awaited - 1);
                    }
                });
    }

    private void forget() {
        Iterator<Item> oldest = items.values().iterator();
        while (chars > charsMax && oldest.hasNext()) {
            Item item = oldest.next();
            if (!item.kept()) {
                chars -= item.json().length();
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
            return items.values().stream().filter(Item::isAnswer).toList();
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
        while (!replays && !items.isEmpty() && items.firstKey() <= after) {
            chars -= items.pollFirstEntry().getValue().json().length();
        }
        return Optional.ofNullable(items.higherEntry(after)).map(Map.Entry::getValue);
    }

    /// Whether it is too much to be kept for a client that may come back.
    boolean isLarge() {
        lock.lock();
        try {
            return chars > charsMax;
        } finally {
            lock.unlock();
        }
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
