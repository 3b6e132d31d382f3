package dev.tandem.mcp;

import dev.tandem.tool.ToolReply;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Pages that people were asked to visit. A server may say by itself that somebody has been there,
/// which answers the question.
final class OpenPages {
    private static final ToolReply VISITED =
            new ToolReply(ToolReply.Action.ACCEPT, Optional.empty());

    private final ConcurrentHashMap<String, Visit> open = new ConcurrentHashMap<>();

    /// Asks; blocks until somebody has answered.
    interface Question {
        ToolReply ask() throws InterruptedException;
    }

    /// A question about a page, and who asks it.
    private static final class Visit {
        private final Thread asker = Thread.currentThread();
        private boolean seen;
        private boolean over;

        private synchronized void completed() {
            if (!over && !seen) {
                seen = true;
                asker.interrupt();
            }
        }

        private synchronized boolean over() {
            over = true;
            return seen;
        }
    }

    /// @param id the server's own name of the question; empty where it will not say more
    ToolReply ask(String id, Question question) throws InterruptedException {
        if (id.isEmpty()) {
            return question.ask();
        }
        Visit visit = new Visit();
        open.put(id, visit);
        try {
            ToolReply reply = question.ask();
            return visit.over() ? visited() : reply;
        } catch (InterruptedException stopped) {
            if (visit.over()) {
                return visited();
            }
            throw stopped;
        } finally {
            open.remove(id, visit);
        }
    }

    /// An interrupt that came too late for the question is not meant for what comes after it.
    private static ToolReply visited() {
        boolean _ = Thread.interrupted();
        return VISITED;
    }

    /// Somebody has been there, says the server.
    void completed(String id) {
        Visit visit = open.get(id);
        if (visit != null) {
            visit.completed();
        }
    }
}
