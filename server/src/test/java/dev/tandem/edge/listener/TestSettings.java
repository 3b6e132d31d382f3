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
    static final Duration WRITE = Duration.ofMillis(500);
    static final Duration IDLE = Duration.ofMillis(800);

    /// A body that drips brings less, its framing included.
    static final int BODY_RATE_MIN = 1_000;

    private TestSettings() {}

    /// The product's time-outs.
    static ListenerSettings defaults() {
        return with(Timeouts.defaults(), KeepAlive.defaults());
    }

    /// Time-outs short enough to wait for.
    static ListenerSettings impatient() {
        return with(new Timeouts(HEAD, BODY, WRITE, IDLE), KeepAlive.defaults());
    }

    /// Impatient with everybody but those who keep a connection for later.
    static ListenerSettings besieged() {
        return with(
                new Timeouts(HEAD.multipliedBy(2), BODY, WRITE, Duration.ofSeconds(20)),
                KeepAlive.defaults());
    }

    /// For clients with many streams and large messages, who are no attackers; an idle connection
    /// ends soon.
    static ListenerSettings roomy() {
        Timeouts timeouts =
                new Timeouts(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        IDLE);
        return with(timeouts, KeepAlive.defaults(), 10_000, 16 << 20);
    }

    static ListenerSettings keepAlive(Duration interval, Duration timeout) {
        return with(Timeouts.defaults(), new KeepAlive(interval, timeout));
    }

    private static ListenerSettings with(Timeouts timeouts, KeepAlive keepAlive) {
        return with(timeouts, keepAlive, Subject.STREAMS_MAX, Subject.MESSAGE_BYTES_MAX);
    }

    private static ListenerSettings with(
            Timeouts timeouts, KeepAlive keepAlive, int streamsMax, int messageBytesMax) {
        Limits limits =
                new Limits(
                        10_000,
                        streamsMax,
                        16 << 10,
                        messageBytesMax,
                        32 << 20,
                        1 << 20,
                        4 << 20,
                        64 << 10,
                        200,
                        Duration.ofSeconds(10),
                        10_000,
                        BODY_RATE_MIN);
        return new ListenerSettings(
                "127.0.0.1", 0, Transport.NETTY, timeouts, limits, keepAlive, Optional.empty());
    }
}
