package dev.tandem.hub;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does every second what is due then.
final class Keeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Runnable due;
    private final Thread thread;

    Keeper(Runnable due) {
        this.due = due;
        this.thread = Thread.ofVirtual().name("mcp-keeper").start(this::loop);
    }

    private void loop() {
        try {
            while (true) {
                Thread.sleep(PERIOD);
                tend();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void tend() {
        try {
            due.run();
        } catch (RuntimeException broken) {
            LOG.error("MCP servers could not be looked after; trying again", broken);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
