package dev.tandem.edge.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class SocketSettingsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void theDefaultsAreThoseOfTheDocuments() {
        assertEquals(
                new SocketSettings(
                        1_048_576,
                        64,
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(5)),
                SocketSettings.DEFAULTS);
    }

    @Test
    void whatCannotWorkIsRefused() {
        assertRefused(
                "websocket.message-bytes-max must be at least 1, was 0",
                () -> new SocketSettings(0, 1, SECOND, SECOND.plusMillis(1), SECOND));
        assertRefused(
                "websocket.subscriptions-max must be at least 1, was 0",
                () -> new SocketSettings(1, 0, SECOND, SECOND.plusMillis(1), SECOND));
        assertRefused(
                "websocket.ping must be longer than 0s, was PT0S",
                () -> new SocketSettings(1, 1, Duration.ZERO, SECOND, SECOND));
        assertRefused(
                "websocket.silence must be longer than websocket.ping, which is PT1S, was PT1S",
                () -> new SocketSettings(1, 1, SECOND, SECOND, SECOND));
        assertRefused(
                "websocket.idle must be longer than 0s, was PT0S",
                () -> new SocketSettings(1, 1, SECOND, SECOND.plusMillis(1), Duration.ZERO));
    }

    private static void assertRefused(String message, Runnable making) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, making::run).getMessage());
    }
}
