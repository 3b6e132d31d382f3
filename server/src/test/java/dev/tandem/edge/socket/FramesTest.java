package dev.tandem.edge.socket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tandem.testing.FakeContract;
import dev.tandem.v1.ChatCompletionRequest;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/// RFC 6455, as far as clients may try it.
@Timeout(60)
final class FramesTest {
    private static final int LAST = RawSocket.LAST;

    private final FakeRuns runs = new FakeRuns();
    private final FakeContract contract = runs.contract();
    private SocketServer server;
    private RawSocket client;

    @BeforeEach
    void start() throws IOException {
        server = new SocketServer(contract);
        client = RawSocket.open(server.port());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    interface Offence {
        void commit(RawSocket client) throws IOException;
    }

    static Stream<Arguments> offences() {
        return Stream.of(
                offence("1002 no extension was agreed on", c -> c.frame(LAST | 0x41, bytes("{}"))),
                offence(
                        "1002 a client's frames must be masked",
                        c -> c.send(new byte[] {(byte) 0x81, 2, '{', '}'})),
                offence(
                        "1002 there are no frames of the kind 3",
                        c -> c.frame(LAST | 0x3, bytes("{}"))),
                offence(
                        "1002 there are no frames of the kind 11",
                        c -> c.frame(LAST | 0xb, bytes("{}"))),
                offence(
                        "1002 there is no message to continue",
                        c -> c.frame(LAST | RawSocket.CONTINUATION, bytes("{}"))),
                offence(
                        "1002 the last message has not ended yet",
                        c -> c.frame(RawSocket.TEXT, bytes("{")).text("{}")),
                offence(
                        "1002 a control frame must be whole",
                        c -> c.frame(RawSocket.PING, bytes("a"))),
                offence(
                        "1002 a control frame has up to 125 bytes",
                        c -> c.frame(LAST | RawSocket.PING, new byte[126])),
                offence(
                        "1002 a code has two bytes",
                        c -> c.frame(LAST | RawSocket.CLOSE, new byte[1])),
                offence(
                        "1002 nobody may close with the code 1005",
                        c -> c.frame(LAST | RawSocket.CLOSE, new byte[] {3, (byte) 0xed})),
                offence(
                        "1003 messages are JSON in text frames",
                        c -> c.frame(LAST | RawSocket.BINARY, bytes("{}"))),
                offence(
                        "1007 a text frame must be UTF-8",
                        c -> c.frame(LAST | RawSocket.TEXT, new byte[] {(byte) 0xc3, '('})),
                offence(
                        "1007 a text frame must be UTF-8",
                        c ->
                                c.frame(
                                        LAST | RawSocket.CLOSE,
                                        new byte[] {3, (byte) 0xe8, (byte) 0xff})),
                offence(
                        "1009 a message may have 1048576 bytes",
                        c -> c.head(LAST | RawSocket.TEXT, (1 << 20) + 1)),
                offence(
                        "1009 a message may have 1048576 bytes",
                        c -> c.head(LAST | RawSocket.TEXT, Long.MIN_VALUE)),
                offence(
                        "1009 a message may have 1048576 bytes",
                        c ->
                                c.frame(RawSocket.TEXT, new byte[1 << 20])
                                        .frame(LAST | RawSocket.CONTINUATION, new byte[1])));
    }

    private static Arguments offence(String told, Offence offence) {
        return Arguments.of(told, offence);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("offences")
    void anOffenceClosesTheSocketAndEndsWhatRan(String told, Offence offence) throws Exception {
        client.text(FakeRuns.chat("1", "a"));
        runs.awaitBegun();

        offence.commit(client);

        assertEquals(told, client.next(RawSocket.CLOSE).closing());
        assertEquals("a", runs.awaitLeft());
        client.finish();
        client.awaitEnd();
    }

    @Test
    void aClientThatGoesOnSendingReadsWhyAllTheSame() throws Exception {
        client.head(LAST | RawSocket.TEXT, 8 << 20).send(new byte[4 << 20]);

        assertEquals(
                "1009 a message may have 1048576 bytes", client.next(RawSocket.CLOSE).closing());
        client.awaitEnd();
    }

    @Test
    void aCharacterMayBeSharedByFrames() throws Exception {
        byte[] message = bytes(FakeRuns.chat("1", "naïve 🙂"));
        int cut = indexOf(message, (byte) 0xf0) + 2;

        client.frame(RawSocket.TEXT, Arrays.copyOf(message, cut));
        client.frame(LAST | RawSocket.PING, bytes("between"));
        client.frame(RawSocket.CONTINUATION, new byte[0]);
        client.frame(
                LAST | RawSocket.CONTINUATION, Arrays.copyOfRange(message, cut, message.length));

        assertEquals("between", client.next(RawSocket.PONG).text());
        assertEquals("naïve 🙂", runs.awaitBegun());
    }

    @Test
    void aMessageMayBeAsLargeAsTheSettingSays() throws Exception {
        String start = FakeRuns.chat("1", "");
        String content = "x".repeat((1 << 20) - start.length());

        client.text(FakeRuns.chat("1", content));

        assertEquals(content, runs.awaitBegun());
        assertEquals(
                content,
                ((ChatCompletionRequest) contract.last().request()).getMessages(0).getContent());
    }

    /// What a client says at random is at worst a reason to close its socket.
    @Test
    void garbageWakesNobody() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        Random random = new Random(7);
        try {
            for (int round = 0; round < 200; round++) {
                byte[] bytes = new byte[random.nextInt(300)];
                random.nextBytes(bytes);
                try (RawSocket raw = RawSocket.open(server.port())) {
                    raw.frame(LAST | RawSocket.TEXT, jsonLike(random));
                    raw.send(bytes).finish();
                    raw.awaitEnd();
                } catch (SocketException closed) {
                    // before all was sent
                }
            }
        } finally {
            root.detachAppender(log);
        }

        assertEquals(
                List.of(),
                log.list.stream()
                        .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                        .map(ILoggingEvent::getFormattedMessage)
                        .toList());
        client.text("{\"type\":\"ping\"}");
        assertEquals("{\"type\":\"pong\"}", client.next(RawSocket.TEXT).text());
    }

    private static byte[] jsonLike(Random random) {
        String[] parts = {
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"id\"",
            "\"type\"",
            "\"chat\"",
            "\"request\"",
            "null",
            "1e9"
        };
        StringBuilder text = new StringBuilder("{\"id\":\"1\",");
        for (int part = random.nextInt(20); part > 0; part--) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        return bytes(text.toString());
    }

    @Test
    void framesOfEveryLengthAreRead() throws Exception {
        for (int length : new int[] {1, 100, 200, 70_000}) {
            String word = "x".repeat(length);
            client.text(FakeRuns.chat("1", "a" + length));
            runs.say("a" + length, word);
            runs.end("a" + length);

            assertTrue(client.next(RawSocket.TEXT).text().contains('"' + word + '"'));
            assertTrue(client.next(RawSocket.TEXT).text().contains("end"));
        }
    }

    @Test
    void pingsAreAnsweredWithTheirPayload() throws Exception {
        byte[] payload = new byte[125];
        Arrays.fill(payload, (byte) 7);

        client.frame(LAST | RawSocket.PING, payload);

        assertArrayEquals(payload, client.next(RawSocket.PONG).payload());
    }

    @Test
    void aGoodbyeIsReturned() throws Exception {
        client.frame(LAST | RawSocket.CLOSE, new byte[] {0x0f, (byte) 0xa1, 'x'});

        assertEquals("4001 ", client.next(RawSocket.CLOSE).closing());
        client.awaitEnd();
    }

    @Test
    void aGoodbyeWithoutACodeIsReturnedWithoutOne() throws Exception {
        client.frame(LAST | RawSocket.CLOSE, new byte[0]);

        assertEquals(0, client.next(RawSocket.CLOSE).payload().length);
        client.awaitEnd();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int indexOf(byte[] bytes, byte wanted) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        throw new AssertionError("not there");
    }
}
