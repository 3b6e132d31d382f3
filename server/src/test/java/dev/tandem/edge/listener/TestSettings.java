package dev.tandem.edge.listener;

import dev.tandem.edge.listener.ListenerSettings.KeepAlive;
import dev.tandem.edge.listener.ListenerSettings.Limits;
import dev.tandem.edge.listener.ListenerSettings.Timeouts;
import java.time.Duration;
import java.util.Optional;

/// Settings for tests: any free port of the loopback, and limits that are met soon.
final class TestSettings {

    static final Duration HEAD = Duration.ofMillis(500);
    static final Duration BODY = Duration.ofMillis(400);
    static final Duration IDLE = Duration.ofMillis(800);

    private TestSettings() {}

    /// The product's time-outs.
    static ListenerSettings defaults() {
        return with(Timeouts.defaults(), KeepAlive.defaults());
    }

    /// Time-outs short enough to wait for.
    static ListenerSettings impatient() {
        return with(new Timeouts(HEAD, BODY, Duration.ofMillis(500), IDLE), KeepAlive.defaults());
    }

    static ListenerSettings keepAlive(Duration interval, Duration timeout) {
        return with(Timeouts.defaults(), new KeepAlive(interval, timeout));
    }

    private static ListenerSettings with(Timeouts timeouts, KeepAlive keepAlive) {
        Limits limits =
                new Limits(
                        10_000,
                        Subject.STREAMS_MAX,
                        16 << 10,
                        Subject.MESSAGE_BYTES_MAX,
                        32 << 20,
                        1 << 20,
                        4 << 20,
                        64 << 10,
                        200,
                        Duration.ofSeconds(10));
        return new ListenerSettings(
                "127.0.0.1", 0, Transport.NETTY, timeouts, limits, keepAlive, Optional.empty());
    }
}
