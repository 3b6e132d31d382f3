package dev.tandem.edge.listener;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.edge.listener.probe.ProbeRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// REST over HTTP/2.
final class Http2RestTest {

    private static final Duration SOON = Duration.ofMillis(500);
    private static final int CANCEL = 8;
    private static final int PROTOCOL_ERROR = 1;

    private Subject subject;

    @BeforeEach
    void start() throws IOException {
        subject = Subject.listener(Transport.NETTY);
    }

    @AfterEach
    void stop() {
        subject.close();
    }

    @Test
    void servesRestAndGrpcOnOneConnection() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.get(1, "/hello").awaitEndOf(1);
            client.grpc(3, "Unary")
                    .message(3, ProbeRequest.newBuilder().setText("hi").build(), true)
                    .awaitEndOf(3);

            assertEquals("hello", client.body(1));
            assertTrue(client.body(3).contains("hi"), client.describe());
        }
    }

    @Test
    void answersBesideASlowRequest() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.get(1, "/slow?ms=400").get(3, "/hello").awaitEndOf(3);

            assertEquals("", client.body(1));
            client.awaitEndOf(1);
            assertEquals("slow", client.body(1));
        }
    }

    @Test
    void interruptsASilentHandlerWhoseStreamIsReset() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.get(1, "/silent").await(Frame.DATA, 1);
            subject.events.await("began", System.nanoTime());
            long begin = System.nanoTime();
            client.reset(1, CANCEL);

            subject.events.await("interrupted", begin, SOON);
            client.get(3, "/interrupted").awaitEndOf(3);
            assertEquals("clean", client.body(3));
        }
    }

    @Test
    void interruptsASilentHandlerWhoseConnectionIsLost() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.get(1, "/silent").await(Frame.DATA, 1);
            subject.events.await("began", System.nanoTime());
            long begin = System.nanoTime();
            client.leave();

            subject.events.await("interrupted", begin, SOON);
        }
    }

    @Test
    void doesNotInterruptAHandlerThatHasAnswered() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.get(1, "/slow?ms=1").awaitEndOf(1);
            client.leave();

            subject.events.await("ended", System.nanoTime());
        }
    }

    @Test
    void sendsNothingAfterAReset() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.get(1, "/events?count=1000&ms=5").await(Frame.DATA, 1);
            client.reset(1, CANCEL);
            client.ping().await(frame -> frame.type() == Frame.PING && frame.isAck());
            long before = client.count(frame -> frame.is(Frame.DATA, 1));
            client.get(3, "/slow?ms=100").awaitEndOf(3);

            assertEquals(before, client.count(frame -> frame.is(Frame.DATA, 1)));
        }
    }

    @Test
    void joinsCookies() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.send(
                            Frame.HEADERS,
                            Frame.END_HEADERS | Frame.END_STREAM,
                            1,
                            RawHttp2.request("GET", "/cookies", "cookie", "a=1", "cookie", "b=2"))
                    .awaitEndOf(1);

            assertEquals("a=1; b=2", client.body(1));
        }
    }

    @Test
    void answersHeadWithoutABody() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.send(
                    Frame.HEADERS,
                    Frame.END_HEADERS | Frame.END_STREAM,
                    1,
                    RawHttp2.request("HEAD", "/hello"));

            assertTrue(client.awaitEndOf(1).is(Frame.HEADERS, 1), client.describe());
        }
    }

    @Test
    void asksForABodyThatWaitsToBeAskedFor() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.post(1, "/echo", "expect", "100-continue").await(Frame.HEADERS, 1);
            client.data(1, "hi".getBytes(US_ASCII), true).awaitEndOf(1);

            assertEquals("hi", client.body(1));
            assertEquals(2, client.count(frame -> frame.is(Frame.HEADERS, 1)));
        }
    }

    @Test
    void ignoresTrailersOfARequest() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.post(1, "/echo").data(1, "hi".getBytes(US_ASCII), false);
            client.send(
                            Frame.HEADERS,
                            Frame.END_HEADERS | Frame.END_STREAM,
                            1,
                            RawHttp2.headers("x-checksum", "1"))
                    .awaitEndOf(1);

            assertEquals("hi", client.body(1));
        }
    }

    @Test
    void takesABodyOfKnownLength() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.post(1, "/echo", "content-length", "2")
                    .data(1, "hi".getBytes(US_ASCII), true)
                    .awaitEndOf(1);

            assertEquals("hi", client.body(1));
        }
    }

    @Test
    void refusesAHeaderThatWouldSmuggleARequest() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.send(
                    Frame.HEADERS,
                    Frame.END_HEADERS | Frame.END_STREAM,
                    1,
                    RawHttp2.request(
                            "GET", "/hello", "x-a", "1\r\n\r\nGET /slow HTTP/1.1\r\nHost: x"));

            assertEquals(PROTOCOL_ERROR, client.await(Frame.RST_STREAM, 1).number());
        }
    }

    @Test
    void refusesAPathThatWouldSmuggleARequest() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.get(1, "/hello HTTP/1.1\r\nx: ");

            assertEquals(PROTOCOL_ERROR, client.await(Frame.RST_STREAM, 1).number());
        }
    }

    @Test
    void answersWithAHeaderThatIsNotAscii() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.get(1, "/header").awaitEndOf(1);
            client.get(3, "/hello").awaitEndOf(3);

            assertEquals("ok", client.body(1));
            assertEquals("hello", client.body(3));
        }
    }

    @Test
    void stopsReadingABodyThatNobodyReads() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.await(Frame.SETTINGS, 0);
            client.post(1, "/never-read");
            byte[] piece = new byte[16 << 10];
            int window = 1 << 20;
            for (int sent = 0; sent < window; sent += piece.length) {
                client.data(1, piece, false);
            }
            client.ping().await(frame -> frame.type() == Frame.PING && frame.isAck());
            LockSupport.parkNanos(200_000_000);

            assertEquals(0, client.count(frame -> frame.is(Frame.WINDOW_UPDATE, 1)));
        }
    }

    @Test
    void takesAnUploadLargerThanEveryWindow() throws Exception {
        int bytes = 20 << 20;
        try (RawHttp2 client = subject.http2()) {
            client.await(Frame.SETTINGS, 0);
            client.post(1, "/count");
            Upload.send(client, 1, bytes);
            client.awaitEndOf(1);

            assertEquals(Integer.toString(bytes), client.body(1));
        }
    }

    @Test
    void refusesABodyAboveTheLimitAndAsksToStop() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.post(1, "/echo", "content-length", "33554433");

            assertTrue(client.await(Frame.HEADERS, 1).text().contains("413"), client.describe());
            client.await(Frame.RST_STREAM, 1);
        }
    }

    @Test
    void holdsAHandlerThatWritesFasterThanItsClientReads() throws Exception {
        try (RawHttp2 client = subject.http2().givesNoWindow()) {
            client.get(1, "/events?count=100000");
            client.await(frame -> client.dataBytes() == 65_535);
            client.reset(1, CANCEL);

            subject.events.await("ended", System.nanoTime());
        }
    }

    @Test
    void waitsForTheEndOfARequestWhoseBodyIsComplete() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.post(1, "/echo", "content-length", "2").data(1, "ab".getBytes(US_ASCII), false);
            client.awaitEndOf(1);
            client.data(1, new byte[0], true).get(3, "/hello").awaitEndOf(3);

            assertEquals("ab", client.body(1));
            assertEquals(0, client.count(frame -> frame.is(Frame.RST_STREAM, 1)));
        }
    }
}
