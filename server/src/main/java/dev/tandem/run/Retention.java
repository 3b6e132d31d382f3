package dev.tandem.run;

import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Forgets, now and then, what runs said whose end is long ago.
public final class Retention implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final Duration PERIOD = Duration.ofMinutes(5);

    private final RunArchive archive;
    private final Duration retention;
    private final InstantSource clock;
    private final Duration period;
    private final Thread thread;

    /// @param retention how long after its end a run can be followed again
    public Retention(RunArchive archive, Duration retention, InstantSource clock) {
        this(archive, retention, clock, PERIOD);
    }

    /// @param period between two times
    Retention(RunArchive archive, Duration retention, InstantSource clock, Duration period) {
        this.archive = archive;
        this.retention = retention;
        this.clock = clock;
        this.period = period;
        this.thread = Thread.ofVirtual().name("run-retention").start(this::loop);
    }

    private void loop() {
        try {
            while (true) {
                forget();
                Thread.sleep(period);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void forget() {
        try {
            int runs = archive.forget(clock.instant().minus(retention));
            if (runs > 0) {
                LOG.info(
                        "forgot what {} runs said that ended before {} h",
                        runs,
                        retention.toHours());
            }
        } catch (RuntimeException broken) {
            LOG.error("old runs could not be forgotten; trying again", broken);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
