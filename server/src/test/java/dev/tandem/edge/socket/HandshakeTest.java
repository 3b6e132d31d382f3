package dev.tandem.edge.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.auth.ApiKey;
import dev.tandem.auth.KeyList;
import dev.tandem.edge.listener.TestCertificate;
import dev.tandem.edge.listener.TlsSettings;
import dev.tandem.secret.Secret;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Who may open a WebSocket, and how.
@Timeout(60)
final class HandshakeTest {
    private static final String KEY = "key-of-the-phone-0123456789";
    private static final String SUBPROTOCOL =
            "tandem.key."
                    + Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(KEY.getBytes(StandardCharsets.UTF_8));

    @TempDir static Path folder;

    private static SocketServer server(SocketServer.Setup setup) {
        return new SocketServer(new FakeRuns().contract(), setup);
    }

    private static SocketServer keyed() {
        ApiKey key = new ApiKey("phone", "default", new Secret(KEY));
        return server(SocketServer.Setup.usual().with(new KeyList(List.of(key))));
    }

    @Test
    void answersAPlainRequestThatItIsAWebSocket() throws Exception {
        try (SocketServer server = server(SocketServer.Setup.usual());
                HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://localhost:" + server.port() + "/v1/ws");
            HttpResponse<String> answer =
                    http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());

            assertEquals(426, answer.statusCode());
            assertEquals("websocket", answer.headers().firstValue("upgrade").orElse(""));
            assertTrue(answer.body().contains("\"status\":426"), answer.body());
            assertEquals(
                    405,
                    http.send(
                                    HttpRequest.newBuilder(uri)
                                            .POST(HttpRequest.BodyPublishers.noBody())
                                            .build(),
                                    BodyHandlers.ofString())
                            .statusCode());
        }
    }

    @Test
    void leavesOtherPathsToTheirRoutes() throws Exception {
        try (SocketServer server = server(SocketServer.Setup.usual())) {
            String head = RawSocket.head(server.port()).replace("/v1/ws", "/v1/other");

            assertTrue(RawSocket.ask(server.port(), head).startsWith("HTTP/1.1 404 "));
        }
    }

    @Test
    void refusesAnotherVersionAndNamesItsOwn() throws Exception {
        try (SocketServer server = server(SocketServer.Setup.usual())) {
            String answer =
                    RawSocket.ask(
                            server.port(),
                            RawSocket.head(
                                    server.port(),
                                    "Sec-WebSocket-Version: 8",
                                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));

            assertTrue(answer.startsWith("HTTP/1.1 426 "), answer);
            assertTrue(answer.contains("\r\nSec-WebSocket-Version: 13\r\n"), answer);
        }
    }

    @Test
    void refusesWhatIsNoHandshake() throws Exception {
        try (SocketServer server = server(SocketServer.Setup.usual())) {
            for (String key :
                    List.of("Other: 1", "Sec-WebSocket-Key: a", "Sec-WebSocket-Key: YQ==")) {
                String head = RawSocket.head(server.port(), "Sec-WebSocket-Version: 13", key);
                String answer = RawSocket.ask(server.port(), head);

                assertTrue(answer.startsWith("HTTP/1.1 400 Bad Request\r\n"), answer);
                assertTrue(answer.contains("\"param\":\"Sec-WebSocket-Key\""), answer);
            }
        }
    }

    @Test
    void refusesAnUpgradeThatAProxyHasPassedOnByMistake() throws Exception {
        try (SocketServer server = server(SocketServer.Setup.usual())) {
            String head = RawSocket.head(server.port()).replace("Connection: Upgrade\r\n", "");
            String answer = RawSocket.ask(server.port(), head);

            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
            assertTrue(answer.contains("\"param\":\"Connection\""), answer);
        }
    }

    @Test
    void takesNoKeyInTheAddress() {
        try (SocketServer server = keyed()) {
            URI uri = URI.create(server.uri() + "?key=" + "0123");

            assertEquals(400, refusal(uri, "x-api-key", KEY).statusCode());
        }
    }

    @Test
    void withoutKeysRefusesPagesOfOtherOrigins() {
        try (SocketServer server = server(SocketServer.Setup.usual())) {
            assertEquals(403, refusal(server.uri(), "Origin", "https://evil.example").statusCode());
            assertEquals(403, refusal(server.uri(), "Origin", "null").statusCode());
            opens(server, "Origin", "http://localhost:5173");
            opens(server, "Origin", "http://localhost:" + server.port());
        }
    }

    @Test
    void withKeysRefusesPagesThatAreNotListed() throws Exception {
        ApiKey key = new ApiKey("phone", "default", new Secret(KEY));
        try (SocketServer server =
                server(
                        SocketServer.Setup.usual()
                                .with(new KeyList(List.of(key)))
                                .letting("https://app.example"))) {
            HttpResponse<?> refused =
                    refusal(server.uri(), "x-api-key", KEY, "Origin", "https://app.example.org");
            assertEquals(403, refused.statusCode());
            assertEquals("forbidden", server.awaitEnd().outcome());
            opens(server, "x-api-key", KEY, "Origin", "https://app.example");
        }
    }

    @Test
    void takesAKeyAsTheOtherWiresDo() {
        try (SocketServer server = keyed()) {
            opens(server, "Authorization", "Bearer " + KEY);
            opens(server, "x-api-key", KEY);
        }
    }

    @Test
    void refusesCallersWithoutAKeyOfOurs() throws Exception {
        try (SocketServer server = keyed()) {
            HttpResponse<?> none = refusal(server.uri());
            assertEquals(401, none.statusCode());
            assertTrue(none.headers().firstValue("www-authenticate").isPresent());
            assertTrue(none.headers().firstValue("x-request-id").isPresent());
            assertEquals("unauthorized", server.awaitEnd().outcome());
            assertEquals(401, refusal(server.uri(), "x-api-key", "other").statusCode());
            try (HttpClient http = HttpClient.newHttpClient()) {
                List<String> wrong = List.of("tandem.v1", "tandem.key.b3RoZXI");
                assertThrows(
                        CompletionException.class,
                        () -> SocketClient.open(http, server.uri(), wrong).close());
            }
        }
    }

    @Test
    void takesAKeyAsASubprotocolAndDoesNotAnswerIt() throws Exception {
        try (SocketServer server = keyed();
                SocketClient client =
                        SocketClient.open(
                                HttpClient.newHttpClient(),
                                server.uri(),
                                List.of("tandem.v1", SUBPROTOCOL))) {
            assertEquals("tandem.v1", client.subprotocol());
            client.send("{\"id\":\"1\",\"type\":\"watch_session\",\"session_id\":\"s\"}");

            assertEquals("end", client.next().path("type").asText());
            server.awaitEnd();
            assertEquals("phone", server.awaitEnd().keyName().orElse(""));
        }
    }

    @Test
    void aKeyAmongSubprotocolsMayHoldAnythingAndIsNotShown() {
        Subprotocols subprotocols =
                Subprotocols.of(List.of("chat", "tandem.key.w7Yg4oKs, tandem.v1"));

        assertEquals("ö €", subprotocols.key().orElseThrow());
        assertTrue(subprotocols.offersOurs());
        assertFalse(subprotocols.toString().contains("ö"));
        assertTrue(Subprotocols.of(List.of("tandem.key.???")).key().isEmpty());
        assertTrue(Subprotocols.of(List.of("tandem.key._w")).key().isEmpty(), "not UTF-8");
    }

    @Test
    void speaksOverTls() throws Exception {
        TestCertificate certificate = TestCertificate.create(folder, "socket");
        TlsSettings tls =
                new TlsSettings(certificate.chain(), certificate.key(), Duration.ofMinutes(1));
        FakeRuns runs = new FakeRuns();
        HttpClient http = HttpClient.newBuilder().sslContext(certificate.client()).build();
        try (SocketServer server =
                        new SocketServer(runs.contract(), SocketServer.Setup.usual().with(tls));
                SocketClient client = SocketClient.open(http, server.uri(), List.of("tandem.v1"))) {
            client.send(FakeRuns.chat("1", "a")).send(FakeRuns.chat("2", "b"));
            for (String name : List.of("b", "a", "b")) {
                runs.say(name, "x".repeat(50_000));
                assertEquals(name, client.next("event").at("/event/run_id").asText());
            }
            client.abort();

            runs.awaitLeft();
            runs.awaitLeft();
        }
    }

    @Test
    void overHttp2ThereIsNone() throws Exception {
        TestCertificate certificate = TestCertificate.create(folder, "two");
        TlsSettings tls =
                new TlsSettings(certificate.chain(), certificate.key(), Duration.ofMinutes(1));
        try (SocketServer server = server(SocketServer.Setup.usual().with(tls));
                HttpClient http =
                        HttpClient.newBuilder().sslContext(certificate.client()).build()) {
            URI uri = URI.create("https://localhost:" + server.port() + "/v1/ws");
            HttpResponse<String> answer =
                    http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());

            assertEquals(HttpClient.Version.HTTP_2, answer.version());
            assertEquals(426, answer.statusCode());
        }
    }

    private static void opens(SocketServer server, String... headers) {
        try (SocketClient client = SocketClient.open(server.uri(), headers)) {
            client.send("{\"type\":\"ping\"}");
            assertEquals("pong", client.next().path("type").asText());
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }

    private static HttpResponse<?> refusal(URI uri, String... headers) {
        CompletionException refused =
                assertThrows(
                        CompletionException.class, () -> SocketClient.open(uri, headers).close());
        return assertInstanceOf(WebSocketHandshakeException.class, refused.getCause())
                .getResponse();
    }
}
