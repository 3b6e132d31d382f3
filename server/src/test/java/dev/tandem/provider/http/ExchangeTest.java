package dev.tandem.provider.http;

import dev.tandem.secret.Secret;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.testing.RecordedUpstream;
import dev.tandem.testing.RecordedUpstream.Answer;
import dev.tandem.testing.RecordedUpstream.Delivery;
import dev.tandem.testing.Served;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class ExchangeTest {
    private static final UpstreamClient CLIENT = new UpstreamClient(Duration.ofSeconds(5));
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration SOON = Duration.ofSeconds(5);

    @AfterAll
    static void closeClient() {
        CLIENT.close();
    }

    @Test
    void bringsStatusHeadersAndBody() throws Exception {
        try (RecordedUpstream upstream =
                        new RecordedUpstream(
                                List.of(
                                        new Answer(
                                                418,
                                                Map.of("retry-after", "3"),
                                                "teapot",
                                                Delivery.AT_ONCE)));
                Exchange exchange = CLIENT.post(at(upstream.uri(), LONG, LONG, LONG), body())) {

            assertEquals(418, exchange.status());
            assertEquals("3", exchange.header("Retry-After").orElseThrow());
            assertEquals("teapot", new String(exchange.readAll(100), StandardCharsets.UTF_8));
            Served served = upstream.awaitRequest();
            assertEquals("hello", served.body());
            assertEquals("secret", served.header("x-api-key"));
        }
    }

    @Test
    void goesToTheAddressThatTheLookupFoundAndNowhereElse() throws Exception {
        HostLookup lookup =
                host -> {
                    if (host.equals("here.test")) {
                        return new InetAddress[] {InetAddress.getLoopbackAddress()};
                    }
                    throw new UnknownHostException(host);
                };
        try (UpstreamClient client = new UpstreamClient(SOON, lookup);
                RecordedUpstream upstream = new RecordedUpstream(List.of(Answer.stream("one")))) {
            int port = upstream.uri().getPort();
            URI here = URI.create("http://here.test:" + port + "/");
            URI there = URI.create("http://127.0.0.1:" + port + "/");

            try (Exchange found = client.ask("GET", at(here, LONG, LONG, LONG));
                    Exchange refused = client.ask("GET", at(there, LONG, LONG, LONG))) {
                assertEquals(200, found.status());
                Failure failure = assertThrows(Failure.class, refused::status);
                assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, failure.code());
            }
            assertEquals("GET", upstream.awaitRequest().method());
        }
    }

    @Test
    void aFinishedAnswerLeavesItsConnectionToTheNext() throws Exception {
        try (RecordedUpstream upstream =
                new RecordedUpstream(List.of(Answer.stream("one"), Answer.stream("two")))) {
            Endpoint endpoint = at(upstream.uri(), LONG, LONG, LONG);
            for (int i = 0; i < 2; i++) {
                Exchange exchange = CLIENT.post(endpoint, body());
                assertEquals(3, exchange.readAll(3).length);
                upstream.awaitRequest().awaitWritten();
                exchange.finish();
                while (exchange.check(System.nanoTime()) > 0) {
                    Thread.onSpinWait();
                }
            }

            assertEquals(1, upstream.connections());
        }
    }

    @Test
    void anAnswerThatIsFinishedButDoesNotEndIsClosedSoon() throws Exception {
        try (RecordedUpstream upstream =
                new RecordedUpstream(
                        List.of(Answer.stream("one").delivered(Delivery.stallingAfter(3))))) {
            Exchange exchange = CLIENT.post(at(upstream.uri(), LONG, LONG, LONG), body());
            assertEquals(3, exchange.readAll(3).length);
            long finished = System.nanoTime();
            exchange.finish();

            long closed = upstream.awaitRequest().awaitClose(SOON);

            assertTrue(closed - finished < TimeUnit.MILLISECONDS.toNanos(500));
        }
    }

    @Test
    void headersThatDoNotComeAreATimeOut() throws Exception {
        timesOut(Delivery.BEFORE_HEADERS, SHORT, LONG, LONG, "fake did not answer for 0.2 s");
    }

    @Test
    void silenceInTheAnswerIsATimeOut() throws Exception {
        timesOut(0, LONG, SHORT, LONG, "fake was silent for 0.2 s");
        timesOut(3, LONG, SHORT, LONG, "fake was silent for 0.2 s");
    }

    @Test
    void anAnswerThatNeverEndsIsATimeOut() throws Exception {
        Answer drip =
                Answer.stream("x".repeat(10_000))
                        .delivered(Delivery.paced(1, Duration.ofMillis(5)));
        try (RecordedUpstream upstream = new RecordedUpstream(List.of(drip));
                Exchange exchange = CLIENT.post(at(upstream.uri(), LONG, LONG, SHORT), body())) {

            Failure failure = assertThrows(Failure.class, () -> exchange.readAll(10_000));

            assertEquals(FailureCode.UPSTREAM_TIMEOUT, failure.code());
            assertEquals("fake took longer than 0.2 s", failure.text());
            long _ = upstream.awaitRequest().awaitClose(SOON);
        }
    }

    @Test
    void aSlowAnswerIsNoSilence() throws Exception {
        Duration idle = Duration.ofSeconds(1);
        Answer slow =
                Answer.stream("x".repeat(15)).delivered(Delivery.paced(1, Duration.ofMillis(100)));
        try (RecordedUpstream upstream = new RecordedUpstream(List.of(slow));
                Exchange exchange = CLIENT.post(at(upstream.uri(), LONG, idle, LONG), body())) {

            assertEquals(15, exchange.readAll(100).length);
        }
    }

    @Test
    void aCutConnectionIsAnError() throws Exception {
        Answer cut = Answer.stream("0123456789").delivered(Delivery.cutAfter(5));
        try (RecordedUpstream upstream = new RecordedUpstream(List.of(cut));
                Exchange exchange = CLIENT.post(at(upstream.uri(), LONG, LONG, LONG), body())) {

            Failure failure = assertThrows(Failure.class, () -> exchange.readAll(100));

            assertEquals(FailureCode.UPSTREAM_ERROR, failure.code());
        }
    }

    @Test
    void aRefusedConnectionAndAnUnknownHostAreUnavailable() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        for (String base : List.of("http://127.0.0.1:" + port, "http://nowhere.invalid")) {
            try (Exchange exchange = CLIENT.post(at(URI.create(base), LONG, LONG, LONG), body())) {

                Failure failure = assertThrows(Failure.class, exchange::status);

                assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, failure.code(), base);
                assertFalse(failure.text().contains("secret"));
            }
        }
    }

    @Test
    void interruptingTheReaderClosesTheSocket() throws Exception {
        for (int bytes : List.of(Delivery.BEFORE_HEADERS, 0, 5)) {
            Answer stalls = Answer.stream("0123456789").delivered(Delivery.stallingAfter(bytes));
            try (RecordedUpstream upstream = new RecordedUpstream(List.of(stalls));
                    Exchange exchange = CLIENT.post(at(upstream.uri(), LONG, LONG, LONG), body())) {
                CountDownLatch interrupted = new CountDownLatch(1);
                Thread reader =
                        Thread.ofVirtual()
                                .start(
                                        () -> {
                                            try {
                                                byte[] _ = exchange.readAll(100);
                                            } catch (InterruptedException expected) {
                                                interrupted.countDown();
                                            }
                                        });
                Served served = upstream.awaitRequest();
                served.awaitWritten();

                reader.interrupt();

                long _ = served.awaitClose(SOON);
                assertTrue(interrupted.await(5, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void anEndpointDoesNotShowItsHeaders() {
        assertEquals(
                "fake at http://host/x",
                at(URI.create("http://host"), LONG, LONG, LONG).toString());
        assertEquals("***", new Secret("sk-1").toString());
        assertThrows(IllegalArgumentException.class, () -> new Secret("two\nlines"));
    }

    private static void timesOut(
            int bytes, Duration headers, Duration idle, Duration total, String message)
            throws InterruptedException, IOException {
        Answer stalls = Answer.stream("0123456789").delivered(Delivery.stallingAfter(bytes));
        try (RecordedUpstream upstream = new RecordedUpstream(List.of(stalls));
                Exchange exchange = CLIENT.post(at(upstream.uri(), headers, idle, total), body())) {

            Failure failure = assertThrows(Failure.class, () -> exchange.readAll(100));

            assertEquals(FailureCode.UPSTREAM_TIMEOUT, failure.code());
            assertEquals(message, failure.text());
            long _ = upstream.awaitRequest().awaitClose(SOON);
        }
    }

    private static Endpoint at(URI base, Duration headers, Duration idle, Duration total) {
        return new Endpoint(
                "fake",
                base.resolve("/x"),
                Map.of("x-api-key", "secret"),
                new UpstreamLimits(headers, idle, total));
    }

    private static byte[] body() {
        return "hello".getBytes(StandardCharsets.UTF_8);
    }
}
