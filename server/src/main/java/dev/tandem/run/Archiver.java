package dev.tandem.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stores what kept runs say while they say it, a little behind: every run's news of the last tenth
/// of a second in one commit. Whoever appends to a log does nothing for it and waits for nothing.
///
/// What it has not stored yet is lost when the server is killed. A client may have seen it; its
/// cursor tells.
public final class Archiver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Archiver.class);
    private static final Duration PERIOD = Duration.ofMillis(100);

    /// Between two attempts where storing fails.
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final RunArchive archive;
    private final ConcurrentHashMap<String, Tail> tails = new ConcurrentHashMap<>();

    /// Held while events are on their way to the archive: a run that ends must not overtake them.
    private final ReentrantLock storing = new ReentrantLock();

    private final Thread thread;
    private volatile boolean closed;

    /// Whether the thread found nothing to do, and sleeps until it is woken.
    private volatile boolean idle;

    private boolean broken;

    public Archiver(RunArchive archive) {
        this.archive = archive;
        this.thread = Thread.ofVirtual().name("run-archiver").start(this::loop);
    }

    /// Begins to store what a run says.
    public void add(Run run) {
        tails.put(run.info().id(), new Tail(run));
        if (idle) {
            LockSupport.unpark(thread);
        }
    }

    /// Stops to store a run, and returns what is not stored of it. The rest is durable by then.
    public Optional<RunSegment> take(Run run) {
        storing.lock();
        try {
            Tail tail = tails.remove(run.info().id());
            return tail == null ? Optional.empty() : tail.unstored();
        } finally {
            storing.unlock();
        }
    }

    private void loop() {
        while (!closed) {
            idle = true;
            if (tails.isEmpty()) {
                LockSupport.park(this);
            }
            idle = false;
            if (!closed) {
                LockSupport.parkNanos(this, (broken ? PATIENCE : PERIOD).toNanos());
            }
            storeNews();
        }
    }

    private void storeNews() {
        storing.lock();
        try {
            List<Tail> grown = tails.values().stream().filter(Tail::hasGrown).toList();
            if (!grown.isEmpty()) {
                archive.append(grown.stream().flatMap(tail -> tail.unstored().stream()).toList());
                grown.forEach(Tail::stored);
            }
            broken = false;
        } catch (RuntimeException problem) {
            broken = true;
            LOG.error("what runs said could not be stored; trying again", problem);
        } finally {
            storing.unlock();
        }
    }

    /// Whether it has nothing to do.
    boolean sleeps() {
        return idle;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    /// What is not stored of a run.
    private static final class Tail {
        private final Run run;
        private final RunReader reader;
        private final List<RunEvent> unstored = new ArrayList<>();
        private long storedTo;

        Tail(Run run) {
            this.run = run;
            this.reader = run.log().readAfter(0);
        }

        boolean hasGrown() {
            unstored.addAll(reader.ready());
            return !unstored.isEmpty();
        }

        Optional<RunSegment> unstored() {
            return hasGrown()
                    ? Optional.of(
                            new RunSegment(
                                    run.info().tenant(), run.info().id(), storedTo + 1, unstored))
                    : Optional.empty();
        }

        /// What was handed out is stored. Nothing has come to it since: only the holder of the lock
        /// looks.
        void stored() {
            storedTo += unstored.size();
            unstored.clear();
        }
    }
}
