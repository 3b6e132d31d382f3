package dev.tandem.plugin;

import static dev.tandem.plugin.Weather.call;
import static dev.tandem.plugin.Weather.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import com.sun.net.httpserver.HttpExchange;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.secret.Secret;
import dev.tandem.tool.ToolOutput;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Webhooks that say no, too much, nothing, or are not there.
final class WebhookFailuresTest {
    private static final long SOON_SECONDS = 10;

    private final Weather weather = new Weather();
    private Receiver receiver;

    @BeforeEach
    void receive() throws IOException {
        receiver = new Receiver();
    }

    @AfterEach
    void close() {
        weather.close();
        receiver.close();
    }

    @Test
    void aStatusThatSaysNoFailsWithTheBeginningOfItsText() throws Exception {
        receiver.reply(503, "text/plain", "busy ".repeat(1000));

        ToolOutput failed = call(source(hook()));

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

        ToolOutput failed = call(source(hook()));

        assertEquals("The webhook weather answered with the status 307: ", text(failed));
        assertEquals(1, receiver.taken.size());
    }

    @Test
    void anAnswerThatIsTooLongIsCutOff() throws Exception {
        CountDownLatch broken = new CountDownLatch(1);
        receiver.reply(exchange -> pour(exchange, broken));

        ToolOutput failed = call(source(hook()));

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

        Failure late = assertThrows(Failure.class, () -> call(source));

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
            PluginSource source = source(Weather.hook(address(silent)));
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
            ToolOutput _ = call(source);
            boolean _ = freed.complete(false);
        } catch (InterruptedException expected) {
            boolean _ = freed.complete(true);
        }
    }

    @Test
    void aConnectionThatBreaksOffIsNotTriedAgain() throws Exception {
        receiver.reply(HttpExchange::close);

        Failure broken = assertThrows(Failure.class, () -> call(source(hook())));

        assertEquals(FailureCode.UPSTREAM_ERROR, broken.code());
        assertEquals("The webhook weather broke off; its tool may have run.", broken.text());
        assertEquals(1, receiver.taken.size());
    }

    @Test
    void aConnectionThatIsRefusedIsTriedOnceMore() throws Exception {
        URI uri = receiver.uri();
        receiver.close();
        WebhookServer late =
                weather.server(
                        meanwhile(() -> receiver = new Receiver(uri.getPort())), Weather.hook(uri));

        assertEquals(ToolOutput.text("done"), call(late));
        assertEquals(1, receiver.taken.size());
    }

    @Test
    void whatCannotBeReachedIsUnavailable() {
        List<Duration> pauses = new ArrayList<>();
        URI uri = receiver.uri();
        receiver.close();
        WebhookServer none = weather.server(pauses::add, Weather.hook(uri));

        Failure gone = assertThrows(Failure.class, () -> call(none));

        assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, gone.code());
        assertEquals("The webhook weather cannot be reached.", gone.text());
        assertEquals(List.of(Duration.ofMillis(250)), pauses);
    }

    @Test
    void whatAReceiverTellsOfItsSecretsIsNotToldOn() throws Exception {
        PluginSource source = source(hook());
        receiver.reply(500, "text/plain", "not " + Weather.PASSWORD + " nor " + Weather.SECRET);
        String failed = text(call(source));
        receiver.reply(200, "text/plain", "Bearer " + Weather.PASSWORD);
        String echoed = text(call(source));

        assertTrue(failed.endsWith(": not *** nor ***"), failed);
        assertEquals("Bearer ***", echoed);
        String settings =
                new PluginSettings(Path.of("p"), 1, Duration.ofSeconds(1), 1, List.of(hook()))
                        .toString();
        assertFalse(
                settings.contains(Weather.PASSWORD) || settings.contains(Weather.SECRET), settings);
        assertFalse(hook().headers().toString().contains(Weather.PASSWORD));
    }

    private static URI address(ServerSocket socket) {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/hook");
    }

    /// Does something instead of waiting.
    private static Pause meanwhile(Callable<?> task) {
        return _ -> {
            try {
                Object _ = task.call();
            } catch (Exception failed) {
                throw new AssertionError(failed);
            }
        };
    }

    private WebhookSettings hook() {
        return Weather.hook(receiver.uri());
    }

    private WebhookSettings hook(Optional<Secret> secret, Duration totalMax) {
        return Weather.hook(receiver.uri(), secret, totalMax);
    }

    private PluginSource source(WebhookSettings hook) {
        return weather.source(hook);
    }
}
