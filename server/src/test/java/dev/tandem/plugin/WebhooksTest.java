package dev.tandem.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import dev.tandem.conversation.Content;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.plugin.Receiver.Taken;
import dev.tandem.secret.Secret;
import dev.tandem.tool.ToolHints;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolServer;
import dev.tandem.tool.ToolWatcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WebhooksTest {
    private static final long SOON_SECONDS = 10;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] KEY =
            "0123456789abcdefghijklmnopqrstuv".getBytes(StandardCharsets.UTF_8);
    private static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString(KEY);
    private static final String PASSWORD = "bearer-of-the-hook-5d1";
    private static final String SCHEMA =
            """
            {"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""";

    private final List<AutoCloseable> opened = new ArrayList<>();
    private Receiver receiver;

    @BeforeEach
    void receive() throws IOException {
        receiver = new Receiver();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
        receiver.close();
    }

    @Test
    void postsTheCallSignedAsTheStandardSays() throws Exception {
        ToolOutput output = call(source(hook()), " {\"city\":\"Zürich\",\"n\":1.10}");

        assertEquals(ToolOutput.text("done"), output);
        Taken taken = receiver.taken.getFirst();
        JsonNode body = JSON.readTree(taken.body());
        assertEquals("weather", body.path("tool").asText());
        assertEquals("Zürich", body.path("arguments").path("city").asText());
        assertTrue(taken.text().contains("{\"city\":\"Zürich\",\"n\":1.10}"), taken.text());
        assertEquals("acme", body.path("tenant").asText());
        assertEquals("sess_1", body.path("session_id").asText());
        assertEquals("proj_1", body.path("project_id").asText());
        assertTrue(body.path("run_id").isNull());
        assertEquals("2026-11-29T07:00:00Z", body.path("time").asText());
        assertEquals("application/json", taken.header("content-type"));
        assertEquals("Bearer " + PASSWORD, taken.header("authorization"));
        assertEquals("tandem", taken.header("user-agent"));

        String id = taken.header("webhook-id");
        String timestamp = taken.header("webhook-timestamp");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        byte[] signed =
                (id + "." + timestamp + "." + taken.text()).getBytes(StandardCharsets.UTF_8);
        assertEquals(
                "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed)),
                taken.header("webhook-signature"));
        assertEquals(id, body.path("id").asText());
        assertEquals(Long.toString(Scopes.NOW.getEpochSecond()), timestamp);
    }

    @Test
    void twoCallsHaveTwoIds() throws Exception {
        PluginSource source = source(hook());

        ToolOutput _ = call(source, "{\"city\":\"a\"}");
        ToolOutput _ = call(source, "{\"city\":\"a\"}");

        assertFalse(
                receiver.taken
                        .get(0)
                        .header("webhook-id")
                        .equals(receiver.taken.get(1).header("webhook-id")));
    }

    @Test
    void withoutASecretNothingIsSigned() throws Exception {
        ToolOutput _ =
                call(source(hook(Optional.empty(), Duration.ofSeconds(5))), "{\"city\":\"a\"}");

        assertFalse(receiver.taken.getFirst().headers().containsKey("webhook-signature"));
    }

    @Test
    void webhooksAreTheToolsOfOneServer() throws Exception {
        PluginSource source = source(hook());

        ToolServer server = source.servers(Scopes.PROJECT).getFirst();

        assertEquals("webhooks", server.name());
        assertEquals(ToolServer.Origin.PLUGIN, server.origin());
        assertEquals("weather", source.tools(Scopes.PROJECT, "webhooks").getFirst().name());
        assertEquals(SCHEMA, source.tools(Scopes.PROJECT, "webhooks").getFirst().inputSchemaJson());
    }

    @Test
    void argumentsThatDoNotFitAreNotPosted() throws Exception {
        ToolOutput refused = call(source(hook()), "{\"city\":5}");

        assertTrue(refused.failed());
        assertEquals(
                "The arguments of weather do not fit its schema:"
                        + " city: integer found, string expected.",
                text(refused));
        assertEquals(List.of(), receiver.taken);
    }

    @Test
    void takesEveryFormOfAnswer() throws Exception {
        assertAnswer("sunny", "text/plain; charset=utf-8", "sunny");
        assertAnswer("sunny", "application/json", "{\"text\":\"sunny\"}");
        assertAnswer("sunny", "application/json", "{\"content\":\"sunny\"}");
        assertAnswer(
                "sunny",
                "application/json",
                "{\"content\":[{\"type\":\"text\",\"text\":\"sunny\"}]}");
        assertAnswer("{\"sun\": true}", "application/json", "{\"sun\": true}");
        assertAnswer("[1]", "application/problem+json", "[1]");
    }

    private void assertAnswer(String text, String type, String body) throws InterruptedException {
        receiver.reply(200, type, body);

        assertEquals(ToolOutput.text(text), call(source(hook()), "{\"city\":\"a\"}"), body);
    }

    @Test
    void takesStructuredAnswersPicturesAndFailures() throws Exception {
        PluginSource source = source(hook());

        receiver.reply(
                200, "application/json", "{\"structured\":{\"sun\":true},\"is_error\":true}");
        ToolOutput structured = call(source, "{\"city\":\"a\"}");
        receiver.reply(
                200,
                "application/json",
                "{\"content\":[{\"type\":\"image\",\"mimeType\":\"image/png\",\"data\":\"AA==\"}]}");
        ToolOutput picture = call(source, "{\"city\":\"a\"}");
        receiver.reply(204, "text/plain", "");
        ToolOutput empty = call(source, "{\"city\":\"a\"}");

        assertEquals(Optional.of("{\"sun\":true}"), structured.structuredJson());
        assertEquals("{\"sun\":true}", text(structured));
        assertTrue(structured.failed());
        assertEquals(
                new Content.Image(new Content.Source.Inline("image/png", "AA=="), Optional.empty()),
                picture.content().getFirst());
        assertEquals(List.of(), empty.content());
        assertFalse(empty.failed());
    }

    @Test
    void whatIsNeitherJsonNorTextFails() throws Exception {
        PluginSource source = source(hook());

        receiver.reply(200, "application/json", "{sunny");
        assertEquals(
                ToolOutput.failure(
                        "The webhook weather answered with what is called JSON and is none."),
                call(source, "{\"city\":\"a\"}"));
        receiver.reply(200, "application/pdf", "%PDF");
        assertEquals(
                ToolOutput.failure(
                        "The webhook weather answered with application/pdf, which is neither JSON"
                                + " nor text."),
                call(source, "{\"city\":\"a\"}"));
    }

    @Test
    void aStatusThatSaysNoFailsWithTheBeginningOfItsText() throws Exception {
        receiver.reply(503, "text/plain", "busy ".repeat(1000));

        ToolOutput failed = call(source(hook()), "{\"city\":\"a\"}");

        assertTrue(failed.failed());
        assertTrue(
                text(failed).startsWith("The webhook weather answered with the status 503: busy "));
        assertTrue(text(failed).length() < 2100);
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        receiver.reply(
                exchange -> {
                    exchange.getResponseHeaders().set("location", "/elsewhere");
                    exchange.sendResponseHeaders(307, -1);
                    exchange.close();
                });

        ToolOutput failed = call(source(hook()), "{\"city\":\"a\"}");

        assertEquals("The webhook weather answered with the status 307: ", text(failed));
        assertEquals(1, receiver.taken.size());
    }

    @Test
    void anAnswerThatIsTooLongIsCutOff() throws Exception {
        CountDownLatch broken = new CountDownLatch(1);
        receiver.reply(exchange -> pour(exchange, broken));

        ToolOutput failed = call(source(hook()), "{\"city\":\"a\"}");

        assertEquals("The webhook weather answered with more than 1048576 bytes.", text(failed));
        assertTrue(failed.failed());
        assertTrue(broken.await(SOON_SECONDS, TimeUnit.SECONDS), "the connection stays open");
    }

    /// Sends until nobody takes it any more.
    private static void pour(HttpExchange exchange, CountDownLatch broken) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        byte[] piece = new byte[64 << 10];
        try {
            for (int i = 0; i < 16_384; i++) {
                exchange.getResponseBody().write(piece);
            }
        } catch (IOException gone) {
            broken.countDown();
        }
    }

    @Test
    void aCallThatTakesTooLongTimesOut() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        receiver.reply(
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().flush();
                    hold(over);
                });
        PluginSource source = source(hook(Optional.empty(), Duration.ofMillis(300)));

        Failure late = assertThrows(Failure.class, () -> call(source, "{\"city\":\"a\"}"));

        over.countDown();
        assertEquals(FailureCode.UPSTREAM_TIMEOUT, late.code());
        assertEquals(
                "The webhook weather did not answer within 0.3 s; its tool may have run.",
                late.text());
        assertEquals(1, receiver.taken.size());
    }

    private static void hold(CountDownLatch over) {
        try {
            boolean _ = over.await(SOON_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anInterruptClosesTheConnection() throws Exception {
        CompletableFuture<Boolean> freed = new CompletableFuture<>();
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            PluginSource source = source(hook(address(silent)));
            Thread caller = Thread.startVirtualThread(() -> interrupted(source, freed));
            try (Socket connection = silent.accept()) {
                connection.setSoTimeout((int) TimeUnit.SECONDS.toMillis(SOON_SECONDS));
                assertEquals('P', connection.getInputStream().read());

                caller.interrupt();

                assertTrue(freed.get(SOON_SECONDS, TimeUnit.SECONDS));
                byte[] rest = connection.getInputStream().readAllBytes();
                assertTrue(new String(rest, StandardCharsets.UTF_8).startsWith("OST /hook"));
            }
        }
    }

    private static void interrupted(PluginSource source, CompletableFuture<Boolean> freed) {
        try {
            ToolOutput _ = call(source, "{\"city\":\"a\"}");
            boolean _ = freed.complete(false);
        } catch (InterruptedException expected) {
            boolean _ = freed.complete(true);
        }
    }

    @Test
    void aConnectionThatBreaksOffIsNotTriedAgain() throws Exception {
        receiver.reply(HttpExchange::close);

        Failure broken =
                assertThrows(Failure.class, () -> call(source(hook()), "{\"city\":\"a\"}"));

        assertEquals(FailureCode.UPSTREAM_ERROR, broken.code());
        assertEquals("The webhook weather broke off; its tool may have run.", broken.text());
        assertEquals(1, receiver.taken.size());
    }

    @Test
    void aConnectionThatIsRefusedIsTriedOnceMore() throws Exception {
        URI uri = receiver.uri();
        receiver.close();
        WebhookServer late = server(_ -> receiver = new Receiver(uri.getPort()), hook(uri));

        assertEquals(ToolOutput.text("done"), call(late));
        assertEquals(1, receiver.taken.size());
    }

    @Test
    void whatCannotBeReachedIsUnavailable() {
        List<Duration> pauses = new ArrayList<>();
        URI uri = receiver.uri();
        receiver.close();
        WebhookServer none = server(wait -> pauses.add(wait), hook(uri));

        Failure gone = assertThrows(Failure.class, () -> call(none));

        assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, gone.code());
        assertEquals("The webhook weather cannot be reached.", gone.text());
        assertEquals(List.of(Duration.ofMillis(250)), pauses);
    }

    @Test
    void whatAReceiverTellsOfItsSecretsIsNotToldOn() throws Exception {
        PluginSource source = source(hook());
        receiver.reply(500, "text/plain", "not " + PASSWORD + " nor " + SECRET);
        String failed = text(call(source, "{\"city\":\"a\"}"));
        receiver.reply(200, "text/plain", "Bearer " + PASSWORD);
        String echoed = text(call(source, "{\"city\":\"a\"}"));

        assertTrue(failed.endsWith(": not *** nor ***"), failed);
        assertEquals("Bearer ***", echoed);
        String settings =
                new PluginSettings(Path.of("p"), 1, Duration.ofSeconds(1), 1, List.of(hook()))
                        .toString();
        assertFalse(settings.contains(PASSWORD) || settings.contains(SECRET), settings);
        assertFalse(hook().headers().toString().contains(PASSWORD));
    }

    private WebhookSettings hook() {
        return hook(receiver.uri());
    }

    private static WebhookSettings hook(URI uri) {
        return hook(uri, Optional.of(new Secret(SECRET)), Duration.ofSeconds(SOON_SECONDS));
    }

    private WebhookSettings hook(Optional<Secret> secret, Duration totalMax) {
        return hook(receiver.uri(), secret, totalMax);
    }

    private static WebhookSettings hook(URI uri, Optional<Secret> secret, Duration totalMax) {
        return new WebhookSettings(
                "weather",
                "Tells the weather.",
                uri,
                SCHEMA,
                ToolHints.NONE,
                secret,
                totalMax,
                List.of(new WebhookHeader("authorization", new Secret("Bearer " + PASSWORD))));
    }

    private static URI address(ServerSocket socket) {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/hook");
    }

    private PluginSource source(WebhookSettings hook) {
        PluginSource source =
                new PluginSource(settings(hook), WorkspaceFolders.NONE, Scopes.ids(), Scopes.CLOCK);
        opened.add(source);
        return source;
    }

    private WebhookServer server(Meanwhile pause, WebhookSettings hook) {
        WebhookServer server =
                new WebhookServer(settings(hook), Scopes.ids(), Scopes.CLOCK, pause::during);
        opened.add(server);
        return server;
    }

    /// What happens during a pause.
    private interface Meanwhile {
        void to(Duration wait) throws IOException;

        default void during(Duration wait) {
            try {
                to(wait);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    private static PluginSettings settings(WebhookSettings hook) {
        return new PluginSettings(
                Path.of("no-plugins"), 1, Duration.ofSeconds(5), 1 << 20, List.of(hook));
    }

    private static ToolOutput call(PluginSource source, String arguments)
            throws InterruptedException {
        return source.call(Scopes.PROJECT, "webhooks", "weather", arguments, ToolWatcher.NONE);
    }

    private static ToolOutput call(WebhookServer server) throws InterruptedException {
        return server.call(Scopes.PROJECT, "weather", "{\"city\":\"a\"}", ToolWatcher.NONE);
    }

    private static String text(ToolOutput output) {
        return ((Content.Text) output.content().getFirst()).text();
    }
}
