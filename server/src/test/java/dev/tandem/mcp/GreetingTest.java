package dev.tandem.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How a connection agrees with its server on a protocol version.
final class GreetingTest {
    private static final McpSettings HASTY =
            new McpSettings(Duration.ofSeconds(10), Duration.ofMillis(50), 3, Optional.empty());

    @Test
    void asksAServerThatRemembersNothingWhatItIs() throws Exception {
        FakeServer server = FakeServer.stateless();

        try (McpConnection connection = server.connect()) {
            assertEquals("2026-07-28", connection.protocol());
            assertEquals(Optional.of("modern 3"), connection.serverVersion());
            assertEquals(Optional.of("Ask away."), connection.instructions());
            assertTrue(connection.offers("tools"));
            assertFalse(connection.offers("logging"));
        }

        JsonNode meta = server.sent("server/discover").path("_meta");
        String prefix = "io.modelcontextprotocol/";
        assertEquals("2026-07-28", meta.path(prefix + "protocolVersion").asText());
        assertEquals("tandem", meta.path(prefix + "clientInfo").path("name").asText());
        assertEquals("9", meta.path(prefix + "clientInfo").path("version").asText());
        assertTrue(meta.path(prefix + "clientCapabilities").path("elicitation").has("url"));
        assertFalse(server.methods().contains("initialize"));
        assertEquals(List.of("2026-07-28"), server.agreed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"})
    void greetsAServerThatDoesNotKnowTheQuestion(String version) throws Exception {
        FakeServer server = FakeServer.greeted(version);

        try (McpConnection connection = server.connect()) {
            assertEquals(version, connection.protocol());
            assertEquals(Optional.of("fake 1.2"), connection.serverVersion());
            assertEquals(Optional.of("Be kind."), connection.instructions());
        }

        assertEquals(
                List.of("server/discover", "initialize", "notifications/initialized"),
                server.methods());
        assertEquals(List.of("2026-07-28", "2025-11-25", version), server.agreed);
        JsonNode hello = server.sent("initialize");
        assertEquals("2025-11-25", hello.path("protocolVersion").asText());
        assertTrue(hello.path("capabilities").path("roots").path("listChanged").asBoolean());
    }

    @Test
    void greetsAServerThatKeepsSilentAndTakesNothingBack() throws Exception {
        FakeServer server =
                FakeServer.greeted("2025-06-18")
                        .on(
                                "server/discover",
                                (_, _) -> {
                                    throw new FakeServer.Silence();
                                });

        try (McpConnection connection = McpConnection.open(server, McpHost.NONE, "9", HASTY)) {
            assertEquals("2025-06-18", connection.protocol());
        }

        assertEquals(
                List.of("server/discover", "initialize", "notifications/initialized"),
                server.methods());
    }

    @Test
    void startsAServerAgainThatDiesOfTheQuestion() throws Exception {
        FakeServer server = FakeServer.greeted("2025-03-26").reopening();
        server.on(
                "server/discover",
                (_, _) -> {
                    server.die("it ended with 1");
                    throw new FakeServer.Silence();
                });

        try (McpConnection connection = server.connect()) {
            assertEquals("2025-03-26", connection.protocol());
            assertEquals(Optional.empty(), connection.ended());
        }

        assertEquals(2, server.opened());
    }

    @Test
    void failsWhereItDiesAndCannotBeStartedAgain() {
        FakeServer server = FakeServer.greeted("2025-03-26");
        server.on(
                "server/discover",
                (_, _) -> {
                    server.die("it ended with 1");
                    throw new FakeServer.Silence();
                });

        Failure failure = assertThrows(Failure.class, server::connect);

        assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, failure.code());
        assertTrue(failure.text().contains("it ended with 1"), failure::text);
        assertTrue(server.closed());
    }

    @Test
    void greetsAServerThatSpeaksOnlyOlderVersions() throws Exception {
        FakeServer refusing =
                FakeServer.greeted("2025-11-25")
                        .on(
                                "server/discover",
                                (_, _) -> {
                                    throw new FakeServer.Refusal(
                                            -32022,
                                            "Unsupported protocol version",
                                            "{\"supported\":[\"2025-11-25\"]}");
                                });
        FakeServer listing =
                FakeServer.greeted("2025-11-25")
                        .on("server/discover", "{\"supportedVersions\":[\"2025-11-25\"]}");
        FakeServer confused = FakeServer.greeted("2025-11-25").on("server/discover", "{\"ok\":1}");

        for (FakeServer server : List.of(refusing, listing, confused)) {
            try (McpConnection connection = server.connect()) {
                assertEquals("2025-11-25", connection.protocol());
            }
        }
    }

    @Test
    void asksOnceMoreWhereAServerRefusesTheVersionThatItNames() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        FakeServer mixed =
                FakeServer.stateless()
                        .on(
                                "server/discover",
                                (_, _) -> {
                                    if (asked.getAndIncrement() == 0) {
                                        throw new FakeServer.Refusal(
                                                -32022, "no", "{\"supported\":[\"2026-07-28\"]}");
                                    }
                                    return "{\"supportedVersions\":[\"2026-07-28\"]}";
                                });

        try (McpConnection connection = mixed.connect()) {
            assertEquals("2026-07-28", connection.protocol());
        }
    }

    @Test
    void saysWhichVersionsItDoesNotSpeak() {
        FakeServer newer =
                new FakeServer().on("server/discover", "{\"supportedVersions\":[\"2031-01-01\"]}");
        FakeServer newerStill =
                new FakeServer()
                        .on(
                                "server/discover",
                                (_, _) -> {
                                    throw new FakeServer.Refusal(
                                            -32022, "no", "{\"supported\":[\"2031-01-01\"]}");
                                });
        FakeServer other = FakeServer.greeted("1999-01-01");

        assertTrue(refusal(newer).contains("2031-01-01"));
        assertTrue(refusal(newerStill).contains("-32022"));
        assertTrue(refusal(other).contains("'1999-01-01'"));
        assertFalse(newer.methods().contains("initialize"));
        assertFalse(newerStill.methods().contains("initialize"));
    }

    private static String refusal(FakeServer server) {
        Failure failure = assertThrows(Failure.class, server::connect);
        assertEquals(FailureCode.UPSTREAM_ERROR, failure.code());
        assertTrue(server.closed());
        return failure.text();
    }

    @Test
    void freesWhoeverNoLongerWantsToConnect() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        FakeServer server =
                new FakeServer()
                        .on(
                                "server/discover",
                                (_, _) -> {
                                    asked.countDown();
                                    throw new FakeServer.Silence();
                                });
        Running<McpConnection> opening = Running.begun(server::connect);
        asked.await();

        opening.interrupt();

        InterruptedException _ = opening.failure(InterruptedException.class);
        server.awaitClosed();
    }

    @Test
    void beginsWithTheVersionThatItWasTold() throws Exception {
        FakeServer old = FakeServer.greeted("2025-03-26");
        FakeServer modern = FakeServer.stateless();
        FakeServer onlyOld = FakeServer.greeted("2025-11-25");

        try (McpConnection connection = pinned(old, "2025-06-18")) {
            assertEquals("2025-03-26", connection.protocol());
        }
        try (McpConnection connection = pinned(modern, "2026-07-28")) {
            assertEquals("2026-07-28", connection.protocol());
        }
        Failure failure = assertThrows(Failure.class, () -> pinned(onlyOld, "2026-07-28"));

        assertEquals(List.of("initialize", "notifications/initialized"), old.methods());
        assertEquals("2025-06-18", old.sent("initialize").path("protocolVersion").asText());
        assertTrue(failure.text().contains("-32601"), failure::text);
        assertThrows(IllegalArgumentException.class, () -> HASTY.withProtocol("2020-01-01"));
    }

    private static McpConnection pinned(FakeServer server, String version)
            throws InterruptedException {
        return McpConnection.open(
                server, McpHost.NONE, "9", McpSettings.DEFAULTS.withProtocol(version));
    }
}
