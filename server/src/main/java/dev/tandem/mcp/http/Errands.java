package dev.tandem.mcp.http;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The threads of one connection: those that have asked and wait, and one that listens to what the
/// server says by itself. Safe for use by many threads.
final class Errands {
    private final ConcurrentHashMap<Long, Thread> asking = new ConcurrentHashMap<>();
    private volatile @Nullable Thread listening;
    private volatile boolean over;

    /// What a thread does that may be stopped.
    interface Task {
        void run() throws InterruptedException;
    }

    /// Asks on this thread, and returns when that has ended.
    ///
    /// @param id of the question
    /// @throws InterruptedException where it was forgotten
    void ask(long id, Task question) throws InterruptedException {
        asking.put(id, Thread.currentThread());
        try {
            if (over) {
                throw new InterruptedException("the connection has ended");
            }
            question.run();
        } finally {
            asking.remove(id);
        }
    }

    /// Listens, where nobody does so yet.
    void listen(Runnable stream) {
        if (listening != null) {
            return;
        }
        Thread thread = Thread.ofVirtual().name("mcp-listen").unstarted(stream);
        listening = thread;
        thread.start();
        if (over) {
            thread.interrupt();
        }
    }

    /// Stops whoever asks this.
    void forget(long id) {
        // within the entry, so that the thread is not yet at something else
        asking.computeIfPresent(
                id,
                (_, thread) -> {
                    if (thread != Thread.currentThread()) {
                        thread.interrupt();
                    }
                    return thread;
                });
    }

    /// Stops everything, also what is begun later.
    void stop() {
        over = true;
        asking.keySet().forEach(this::forget);
        Thread stream = listening;
        if (stream != null && stream != Thread.currentThread()) {
            stream.interrupt();
        }
    }
}
