package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.edge.listener.probe.ProbeRequest;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The end of a listener.
final class DrainTest {

    private Subject subject;
    private @Nullable Thread drain;

    @BeforeEach
    void start() throws IOException {
        subject = Subject.listener(Transport.NETTY);
    }

    @AfterEach
    void awaitDrained() throws InterruptedException {
        if (drain != null) {
            drain.join();
        }
    }

    private void drain(Duration limit) {
        drain = Thread.ofVirtual().start(() -> subject.drain(limit));
    }

    @Test
    void letsAStreamEndAndNamesTheLastOne() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            ProbeRequest steady = ProbeRequest.newBuilder().setCount(20).setPauseMs(20).build();
            client.grpc(1, "ServerStream").message(1, steady, true).await(Frame.DATA, 1);
            drain(Duration.ofSeconds(5));

            Frame first = client.await(Frame.GOAWAY, 0);
            Frame second =
                    client.await(frame -> frame.type() == Frame.GOAWAY && frame.number() == 1);
            assertEquals(Integer.MAX_VALUE, first.number());
            assertEquals(0, second.goAwayCode());
            assertTrue(client.awaitEndOf(1).is(Frame.HEADERS, 1), client.describe());
            assertEquals(20, client.count(frame -> frame.is(Frame.DATA, 1)));
            client.awaitEnd(Duration.ofSeconds(3));
        }
    }

    @Test
    void servesARequestThatWasOnItsWay() throws Exception {
        try (RawHttp2 client = subject.http2().answersNoPings()) {
            client.get(1, "/slow?ms=300").await(Frame.SETTINGS, 0);
            subject.events.await("began", System.nanoTime());
            drain(Duration.ofSeconds(5));
            client.await(Frame.GOAWAY, 0);
            client.get(3, "/hello").awaitEndOf(3);

            assertEquals("hello", client.body(3));
            client.awaitEndOf(1);
            assertEquals("slow", client.body(1));
        }
    }

    @Test
    void closesAKeptConnectionAfterItsAnswer() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.get("/slow?ms=300");
            subject.events.await("began", System.nanoTime());
            drain(Duration.ofSeconds(5));

            assertTrue(client.readToEnd().endsWith("\r\n\r\nslow"));
        }
    }

    @Test
    void closesIdleConnectionsAtOnce() throws Exception {
        try (RawHttp1 kept = subject.http1();
                RawHttp1 silent = subject.http1();
                RawHttp2 client = subject.http2()) {
            kept.get("/hello").readUntil("\r\n\r\nhello");
            client.get(1, "/hello").awaitEndOf(1);
            long begin = System.nanoTime();
            drain(Duration.ofSeconds(8));

            assertEquals("", kept.readToEnd());
            assertEquals("", silent.readToEnd());
            client.awaitEnd(Duration.ofSeconds(3));
            awaitDrained();
            assertTrue(System.nanoTime() - begin < 3_000_000_000L);
        }
    }

    @Test
    void takesNoNewConnection() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.get("/slow?ms=300");
            subject.events.await("began", System.nanoTime());
            drain(Duration.ofSeconds(5));
            client.readToEnd();

            assertThrows(ConnectException.class, subject::http1);
        }
    }

    @Test
    void cutsWhatDoesNotEndInTime() throws Exception {
        try (RawHttp2 grpc = subject.http2();
                RawHttp1 rest = subject.http1()) {
            grpc.grpc(1, "ServerStream")
                    .message(1, StreamBehaviours.request("hold"), true)
                    .await(Frame.DATA, 1);
            rest.get("/silent").readUntil(": open");
            subject.events.await("began", System.nanoTime());
            long begin = System.nanoTime();
            drain(Duration.ofMillis(300));

            grpc.awaitEnd(Duration.ofSeconds(2));
            subject.events.await("cancelled", begin);
            subject.events.await("interrupted", begin);
            awaitDrained();
            assertTrue(System.nanoTime() - begin < 3_000_000_000L);
        }
    }
}
