package dev.tandem.watch;

import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunReader;
import dev.tandem.watch.SessionNews.Told;
import java.time.Duration;
import java.util.List;

/// Reads the log of a run from its beginning to its end, or until its thread is interrupted, and
/// hands on what it reads.
record RunTail(Run followed, Ear ear) implements Runnable {
    /// How long it waits at a time; nothing depends on it.
    private static final Duration WAIT = Duration.ofHours(1);

    /// Where what is read goes. May block.
    interface Ear {
        void hear(Told told) throws InterruptedException;
    }

    @Override
    public void run() {
        try {
            RunReader reader = followed.log().readAfter(0);
            boolean ended = false;
            while (!ended) {
                long first = reader.number() + 1;
                List<RunEvent> events = reader.next(WAIT);
                if (!events.isEmpty()) {
                    Told told = new Told(followed, first, events);
                    ear.hear(told);
                    ended = told.isLast();
                }
            }
        } catch (InterruptedException nobodyListens) {
            Thread.currentThread().interrupt();
        }
    }
}
