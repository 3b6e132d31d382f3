package dev.tandem.edge.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tandem.testing.EdgeServer;
import dev.tandem.testing.FakeContract;
import dev.tandem.v1.RunEvent;
import dev.tandem.v1.RunStarted;
import dev.tandem.v1.TextDelta;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// A client that leaves ends its call as cancelled, whatever the call is doing, and nobody is woken
/// by it.
final class LeavingClientTest {
    private static final String STREAM =
            "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final Logger ROOT =
            (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final CompletableFuture<Thread> handler = new CompletableFuture<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    @BeforeEach
    void listen() {
        log.start();
        ROOT.addAppender(log);
    }

    @AfterEach
    void nothingWasLogged() {
        ROOT.detachAppender(log);
        List<String> complaints =
                log.list.stream()
                        .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                        .map(ILoggingEvent::getFormattedMessage)
                        .toList();
        assertEquals(List.of(), complaints);
    }

    @Test
    void whileTextIsStreaming() throws Exception {
        FakeContract contract =
                contract(
                        sink -> {
                            while (true) {
                                sink.send(text());
                                sink.flush();
                                Thread.sleep(5);
                            }
                        });
        try (EdgeServer server = new EdgeServer(contract.methods())) {
            try (Socket socket = ask(server)) {
                awaitText(socket);
            }

            assertEquals("interrupted", ended.get(5, TimeUnit.SECONDS));
            awaitOutcome(server);
        }
    }

    @Test
    void whileNothingIsSaid() throws Exception {
        FakeContract contract = contract(sink -> Thread.sleep(10_000));
        try (EdgeServer server = new EdgeServer(contract.methods());
                Socket socket = ask(server)) {
            handler.get(5, TimeUnit.SECONDS).interrupt();

            assertEquals("interrupted", ended.get(5, TimeUnit.SECONDS));
            awaitOutcome(server);
            assertEquals(-1, socket.getInputStream().read());
        }
    }

    @Test
    void betweenTwoPiecesOfText() throws Exception {
        FakeContract contract =
                contract(
                        sink -> {
                            sink.send(text());
                            sink.flush();
                            Thread.sleep(10_000);
                        });
        try (EdgeServer server = new EdgeServer(contract.methods());
                Socket socket = ask(server)) {
            awaitText(socket);
            handler.get(5, TimeUnit.SECONDS).interrupt();

            assertEquals("interrupted", ended.get(5, TimeUnit.SECONDS));
            awaitOutcome(server);
        }
    }

    @Test
    void whileAWholeAnswerIsMade() throws Exception {
        FakeContract contract =
                new FakeContract()
                        .answer(
                                "CreateChatCompletion",
                                (_, request) -> {
                                    handler.complete(Thread.currentThread());
                                    try {
                                        Thread.sleep(10_000);
                                    } catch (InterruptedException gone) {
                                        ended.complete("interrupted");
                                        throw gone;
                                    }
                                    return request;
                                });
        try (EdgeServer server = new EdgeServer(contract.methods());
                Socket socket = ask(server, STREAM.replace("true", "false"))) {
            handler.get(5, TimeUnit.SECONDS).interrupt();

            assertEquals("interrupted", ended.get(5, TimeUnit.SECONDS));
            awaitOutcome(server);
            assertEquals(-1, socket.getInputStream().read());
        }
    }

    @Test
    void beforeTheBodyIsWhole() throws Exception {
        FakeContract contract = new FakeContract();
        try (EdgeServer server = new EdgeServer(contract.methods())) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                write(socket, head(100) + "{\"model\":");
            }
            Thread.sleep(200);

            assertTrue(contract.asked().isEmpty());
        }
    }

    private interface Speech {
        void say(dev.tandem.rpc.Sink<com.google.protobuf.Message> sink) throws InterruptedException;
    }

    private FakeContract contract(Speech speech) {
        return new FakeContract()
                .stream(
                        "StreamChatCompletion",
                        (_, _, sink) -> {
                            handler.complete(Thread.currentThread());
                            try {
                                sink.send(started());
                                speech.say(sink);
                            } catch (InterruptedException gone) {
                                ended.complete("interrupted");
                                throw gone;
                            } catch (RuntimeException other) {
                                ended.complete(other.toString());
                                throw other;
                            }
                        });
    }

    private static Socket ask(EdgeServer server) throws IOException {
        return ask(server, STREAM);
    }

    private static Socket ask(EdgeServer server, String body) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(5_000);
        write(socket, head(body.length()) + body);
        return socket;
    }

    private static String head(int length) {
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
                + "Content-Length: "
                + length
                + "\r\n\r\n";
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    private static void awaitText(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder read = new StringBuilder();
        while (read.indexOf("piece") < 0) {
            int octet = in.read();
            assertTrue(octet >= 0, "the stream ended: " + read);
            read.append((char) octet);
        }
    }

    private static void awaitOutcome(EdgeServer server) throws InterruptedException {
        for (int i = 0; i < 100 && server.ended().isEmpty(); i++) {
            Thread.sleep(20);
        }
        assertEquals("cancelled", server.ended().getFirst().outcome());
        Thread.sleep(100);
    }

    private static RunEvent started() {
        return RunEvent.newBuilder()
                .setRunId("run_1")
                .setStarted(RunStarted.newBuilder().setCompletionId("chatcmpl-1").setModel("m"))
                .build();
    }

    private static RunEvent text() {
        return RunEvent.newBuilder().setText(TextDelta.newBuilder().setText("piece")).build();
    }
}
