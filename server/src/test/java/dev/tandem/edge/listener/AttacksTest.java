package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Clients that mean harm. What counts is that they lose their connection and nobody else does.
final class AttacksTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private Subject subject;

    @BeforeEach
    void start() throws IOException {
        subject = Subject.listener(Transport.NETTY);
    }

    @AfterEach
    void serveOthersAndStop() throws Exception {
        try (RawHttp2 other = subject.http2()) {
            other.get(1, "/hello").awaitEndOf(1);
            assertEquals("hello", other.body(1));
        }
        subject.close();
    }

    /// Sends until the server has closed, or `times` times.
    private interface Send {
        void send(int number) throws IOException;
    }

    private static void flood(RawHttp2 client, int times, Send send) {
        try {
            for (int number = 0; number < times && client.isOpen(); number++) {
                send.send(number);
            }
            client.flush();
        } catch (IOException e) {
            // the server closed
        }
    }

    @Test
    void endsAConnectionThatResetsItsStreams() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            flood(
                    client,
                    5_000,
                    number -> {
                        int stream = number * 2 + 1;
                        client.grpc(stream, "ServerStream");
                        client.reset(stream, 8);
                    });

            client.awaitEnd(LIMIT);
        }
    }

    @Test
    void endsAConnectionThatMakesUsResetItsStreams() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            flood(
                    client,
                    2_000,
                    number -> {
                        int stream = number * 2 + 1;
                        client.grpc(stream, "ServerStream");
                        client.window(stream, 0);
                    });

            client.awaitEnd(LIMIT);
            assertTrue(client.count(frame -> frame.type() == Frame.RST_STREAM) < 300);
        }
    }

    @Test
    void endsAConnectionWithEndlessHeaders() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.send(Frame.HEADERS, 0, 1, RawHttp2.request("GET", "/hello"));
            byte[] piece = RawHttp2.headers("x-large", "a".repeat(15_000));
            flood(client, 1_000, number -> client.send(Frame.CONTINUATION, 0, 1, piece));

            client.awaitEnd(LIMIT);
        }
    }

    @Test
    void endsAConnectionWithEndlessEmptyHeaders() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.send(Frame.HEADERS, 0, 1, RawHttp2.request("GET", "/hello"));
            flood(client, 1_000_000, number -> client.put(Frame.CONTINUATION, 0, 1, new byte[0]));

            client.awaitEnd(LIMIT);
        }
    }

    @Test
    void endsAConnectionWithEndlessEmptyData() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.post(1, "/never-read");
            flood(client, 1_000_000, number -> client.put(Frame.DATA, 0, 1, new byte[0]));

            client.awaitEnd(LIMIT);
        }
    }

    @Test
    void endsAConnectionWithAHeadFarAboveTheLimit() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            head.writeBytes(RawHttp2.request("GET", "/hello"));
            head.writeBytes(RawHttp2.headers("x-one", "a".repeat(12_000)));
            client.send(Frame.HEADERS, Frame.END_STREAM, 1, head.toByteArray());
            client.send(
                    Frame.CONTINUATION,
                    Frame.END_HEADERS,
                    1,
                    RawHttp2.headers("x-two", "a".repeat(12_000)));

            client.awaitEnd(LIMIT);
        }
    }
}
