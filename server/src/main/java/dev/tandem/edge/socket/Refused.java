package dev.tandem.edge.socket;

import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.spi.ServerConnection;
import java.time.Duration;

/// A WebSocket that was refused: its connection has been answered and ends.
final class Refused implements ServerConnection {
    @Override
    public void handle(Limit limit) {
        // answered already
    }

    @Override
    public Duration idleTime() {
        return Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
        // it ends by itself
    }
}
