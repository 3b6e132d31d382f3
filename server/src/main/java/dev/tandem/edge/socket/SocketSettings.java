package dev.tandem.edge.socket;

import java.time.Duration;

/// What one WebSocket may take, and how it is found out that nobody is at its other end.
///
/// @param messageBytesMax size of a client's message, all of its frames together; 1 MiB
/// @param subscriptionsMax subscriptions at once; 64
/// @param ping how often the server asks whether the client is there; 20 s
/// @param silence how long a client may say nothing at all, not even to a ping; 60 s
/// @param idle how long a socket without a subscription and without a message stays open; 5 min
public record SocketSettings(
        int messageBytesMax, int subscriptionsMax, Duration ping, Duration silence, Duration idle) {

    public static final SocketSettings DEFAULTS =
            new SocketSettings(
                    1 << 20,
                    64,
                    Duration.ofSeconds(20),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(5));

    public SocketSettings {
        require(
                messageBytesMax >= 1,
                "websocket.message-bytes-max must be at least 1, was " + messageBytesMax);
        require(
                subscriptionsMax >= 1,
                "websocket.subscriptions-max must be at least 1, was " + subscriptionsMax);
        require(ping.isPositive(), "websocket.ping must be longer than 0s, was " + ping);
        require(
                silence.compareTo(ping) > 0,
                "websocket.silence must be longer than websocket.ping, which is "
                        + ping
                        + ", was "
                        + silence);
        require(idle.isPositive(), "websocket.idle must be longer than 0s, was " + idle);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
