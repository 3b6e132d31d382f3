package dev.tandem.hub;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The last lines that a server has logged, without its secrets. Safe for use by many threads.
final class ServerLog {
    private static final int LINES_MAX = 500;
    private static final int LINE_CHARS_MAX = 4096;

    private final InstantSource clock;
    private final Deque<LogLine> lines = new ArrayDeque<>();

    ServerLog(InstantSource clock) {
        this.clock = clock;
    }

    void add(String origin, String text) {
        String cut = text.length() <= LINE_CHARS_MAX ? text : text.substring(0, LINE_CHARS_MAX);
        LogLine line = new LogLine(clock.instant(), origin, cut);
        synchronized (lines) {
            if (lines.size() == LINES_MAX) {
                lines.removeFirst();
            }
            lines.addLast(line);
        }
    }

    /// Oldest first.
    List<LogLine> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }
}
