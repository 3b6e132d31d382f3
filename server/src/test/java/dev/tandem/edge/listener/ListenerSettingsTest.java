package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.edge.listener.ListenerSettings.KeepAlive;
import dev.tandem.edge.listener.ListenerSettings.Limits;
import dev.tandem.edge.listener.ListenerSettings.Timeouts;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What the settings are and must not be.
final class ListenerSettingsTest {

    @Test
    void defaultsAreTheDocumentedOnes() {
        ListenerSettings settings = ListenerSettings.defaults();

        assertEquals("0.0.0.0", settings.host());
        assertEquals(8080, settings.port());
        assertEquals(Transport.NETTY, settings.transport());
        assertEquals(
                new Timeouts(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(5)),
                settings.timeouts());
        assertEquals(
                new Limits(
                        10_000,
                        1_000,
                        16_384,
                        33_554_432,
                        33_554_432,
                        1_048_576,
                        4_194_304,
                        65_536,
                        200,
                        Duration.ofSeconds(10),
                        10_000,
                        500),
                settings.limits());
        assertEquals(
                new KeepAlive(Duration.ofSeconds(30), Duration.ofSeconds(10)),
                settings.keepAlive());
    }

    @Test
    void saysWhichSettingIsWrongAndWhatItWas() {
        IllegalArgumentException port =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> ListenerSettings.defaults().at("127.0.0.1", 70_000));
        IllegalArgumentException head =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                new Timeouts(
                                        Duration.ZERO,
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(1)));

        assertEquals("listener.port must be 0 to 65535, was 70000", port.getMessage());
        assertEquals("listener.timeouts.head must be longer than 0, was PT0S", head.getMessage());
    }
}
