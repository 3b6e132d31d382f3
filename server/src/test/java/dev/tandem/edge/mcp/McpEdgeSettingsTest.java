package dev.tandem.edge.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The limits of `/mcp`, and which are possible.
final class McpEdgeSettingsTest {
    @Test
    void hasItsDefaults() {
        McpEdgeSettings d = McpEdgeSettings.DEFAULTS;

        assertTrue(d.enabled());
        assertEquals(256, d.sessionsMax());
        assertEquals(Duration.ofMinutes(30), d.sessionIdle());
        assertEquals(64, d.callsMax());
        assertEquals(Duration.ofMinutes(1), d.resumeMax());
        assertEquals(Duration.ofMinutes(10), d.inputMax());
        assertEquals(Duration.ofMinutes(5), d.readMax());
        assertEquals(Duration.ofSeconds(15), d.heartbeat());
        assertEquals(200, d.pageMax());
        assertEquals(1 << 20, d.streamCharsMax());
        assertEquals(Duration.ofSeconds(10), d.listTtl());
    }

    @Test
    void refusesWhatIsNoLimit() {
        assertEquals(
                "endpoint.sessions-max must be at least 1, was 0",
                assertThrows(IllegalArgumentException.class, () -> Settings.sessionsMax(0))
                        .getMessage());
        assertEquals(
                "endpoint.heartbeat must be longer than 0s, was PT0S",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Settings.heartbeat(Duration.ZERO))
                        .getMessage());
    }
}
