package dev.tandem.edge.listener;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Clients that keep the server waiting.
final class TimeoutsTest {

    private static final Duration SLACK = Duration.ofMillis(500);

    private Subject subject;

    @BeforeEach
    void start() throws IOException {
        subject = Subject.listener(TestSettings.impatient());
    }

    @AfterEach
    void stop() {
        subject.close();
    }

    @Test
    void cutsAClientThatSaysNothing() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            assertEndsAfter(TestSettings.HEAD, client);
        }
    }

    @Test
    void cutsAHeadThatDoesNotEnd() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.send("GET /hello HTTP/1.1\r\nHost: te");

            assertEndsAfter(TestSettings.HEAD, client);
        }
    }

    @Test
    void cutsAHeadThatDrips() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.send("GET /hello HTTP/1.1\r\nHost: ");
            long begin = System.nanoTime();
            try {
                while (elapsed(begin).toSeconds() < 5) {
                    client.send("x");
                    LockSupport.parkNanos(30_000_000);
                }
            } catch (SocketException e) {
                // cut
            }
            assertTrue(elapsed(begin).compareTo(TestSettings.HEAD.plus(SLACK)) < 0);
        }
    }

    @Test
    void cutsTheSecondHeadOfAConnectionThatDoesNotEnd() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.get("/hello").readUntil("\r\n\r\nhello");
            client.send("GET /he");

            assertEndsAfter(TestSettings.HEAD, client);
        }
    }

    @Test
    void cutsAPipelinedHeadThatDoesNotEnd() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.send("GET /hello HTTP/1.1\r\nHost: test\r\n\r\nGET /he");
            client.readUntil("\r\n\r\nhello");

            assertEndsAfter(TestSettings.HEAD, client);
        }
    }

    @Test
    void closesAConnectionThatIsIdle() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.get("/hello").readUntil("\r\n\r\nhello");

            assertEndsAfter(TestSettings.IDLE, client);
        }
    }

    @Test
    void cutsAPrefaceWithoutARequest() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            long begin = System.nanoTime();
            client.awaitEnd(TestSettings.HEAD.plus(SLACK));

            assertTrue(elapsed(begin).compareTo(TestSettings.HEAD.minusMillis(50)) > 0);
        }
    }

    @Test
    void cutsAnHttp2HeadThatDoesNotEnd() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.send(Frame.HEADERS, Frame.END_STREAM, 1, RawHttp2.request("GET", "/hello"));

            client.awaitEnd(TestSettings.HEAD.plus(SLACK));
        }
    }

    @Test
    void closesAnHttp2ConnectionThatIsIdle() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.get(1, "/hello").awaitEndOf(1);

            client.await(Frame.GOAWAY, 0);
            client.awaitEnd(Duration.ofSeconds(3));
        }
    }

    @Test
    void answersABodyThatStallsWith408() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 9\r\n\r\nab");
            long begin = System.nanoTime();
            String answer = client.readToEnd();

            assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
            assertTrue(elapsed(begin).compareTo(TestSettings.BODY.plus(SLACK)) < 0);
        }
    }

    @Test
    void answersAnHttp2BodyThatStallsWith408() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.post(1, "/echo").data(1, "ab".getBytes(US_ASCII), false);
            client.awaitEndOf(1);

            assertTrue(client.await(Frame.HEADERS, 1).text().contains("408"), client.describe());
            client.get(3, "/hello").awaitEndOf(3);
            assertEquals("hello", client.body(3));
        }
    }

    @Test
    void waitsAsLongAsAHandlerTakes() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.get("/slow?ms=1000").readUntil("\r\n\r\nslow");
        }
    }

    @Test
    void waitsAsLongAsAnHttp2HandlerTakes() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.get(1, "/slow?ms=1000").awaitEndOf(1);

            assertEquals("slow", client.body(1));
        }
    }

    @Test
    void cutsAClientThatDoesNotReadItsAnswer() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.get("/events?count=1000000");

            subject.events.await("ended", System.nanoTime(), Duration.ofSeconds(5));
        }
    }

    private static void assertEndsAfter(Duration limit, RawHttp1 client) throws IOException {
        long begin = System.nanoTime();
        assertEquals("", client.readToEnd());

        Duration took = elapsed(begin);
        assertTrue(took.compareTo(limit.minusMillis(50)) > 0, "cut after " + took);
        assertTrue(took.compareTo(limit.plus(SLACK)) < 0, "cut after " + took);
    }

    private static Duration elapsed(long beginNanos) {
        return Duration.ofNanos(System.nanoTime() - beginNanos);
    }
}
