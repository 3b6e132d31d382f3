package dev.tandem.mcp.http;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The virtual threads of one connection: one for each question that is on its way, and one that
/// listens to what the server says by itself. Safe for use by many threads.
final class Errands {
    private final ConcurrentHashMap<Long, Thread> asking = new ConcurrentHashMap<>();
    private volatile @Nullable Thread listening;
    private volatile boolean over;

    /// @param id of the question
    void ask(long id, Runnable question) {
        Runnable whole =
                () -> {
                    try {
                        question.run();
                    } finally {
                        asking.remove(id);
                    }
                };
        Thread thread = Thread.ofVirtual().name("mcp-ask").unstarted(whole);
        asking.put(id, thread);
        start(thread);
    }

    /// Listens, where nobody does so yet.
    void listen(Runnable stream) {
        if (listening == null) {
            Thread thread = Thread.ofVirtual().name("mcp-listen").unstarted(stream);
            listening = thread;
            start(thread);
        }
    }

    private void start(Thread thread) {
        thread.start();
        if (over) {
            thread.interrupt();
        }
    }

    /// Stops a question.
    void forget(long id) {
        Thread thread = asking.get(id);
        if (thread != null) {
            thread.interrupt();
        }
    }

    /// Stops everything, also what is begun later.
    void stop() {
        over = true;
        asking.values().forEach(Thread::interrupt);
        Thread stream = listening;
        if (stream != null) {
            stream.interrupt();
        }
    }
}
