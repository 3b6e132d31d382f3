package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// REST over HTTP/1.1.
final class Http1Test {

    private static final Duration SOON = Duration.ofMillis(500);

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
    void answersRequestsOnOneConnection() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            for (int number = 0; number < 3; number++) {
                String answer = client.get("/hello").readUntil("\r\n\r\nhello");

                assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
            }
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            String request = "GET /%s HTTP/1.1\r\nHost: test\r\n\r\n";
            client.send(
                    request.formatted("slow?ms=50")
                            + request.formatted("hello")
                            + request.formatted("interrupted"));

            client.readUntil("\r\n\r\nslow");
            client.readUntil("\r\n\r\nhello");
            client.readUntil("\r\n\r\nclean");
        }
    }

    @Test
    void answersAPipelinedRequestThatArrivesInPieces() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.send("GET /slow?ms=50 HTTP/1.1\r\nHost: test\r\n\r\nGET /hel");
            client.readUntil("\r\n\r\nslow");
            client.send("lo HTTP/1.1\r\nHost: test\r\n\r\n");

            client.readUntil("\r\n\r\nhello");
        }
    }

    @Test
    void interruptsASilentHandlerWhoseClientCloses() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.get("/silent").readUntil(": open");
            subject.events.await("began", System.nanoTime());
            long begin = System.nanoTime();
            client.leave();

            subject.events.await("interrupted", begin, SOON);
        }
    }

    @Test
    void interruptsASilentHandlerWhoseClientResets() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.get("/silent").readUntil(": open");
            subject.events.await("began", System.nanoTime());
            long begin = System.nanoTime();
            client.reset();

            subject.events.await("interrupted", begin, SOON);
        }
    }

    @Test
    void interruptsAHandlerThatHasNotReadItsBody() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.send("POST /never-read HTTP/1.1\r\nHost: test\r\nContent-Length: 9\r\n\r\nab");
            subject.events.await("began", System.nanoTime());
            long begin = System.nanoTime();
            client.leave();

            subject.events.await("interrupted", begin, SOON);
        }
    }

    @Test
    void answersAClientThatOnlyClosedItsOwnSide() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.get("/hello").finish();

            assertTrue(client.readToEnd().endsWith("\r\n\r\nhello"));
        }
    }

    @Test
    void leavesNoInterruptToTheNextRequest() throws Exception {
        for (int round = 0; round < 20; round++) {
            try (RawHttp1 leaving = subject.http1();
                    RawHttp1 staying = subject.http1()) {
                leaving.get("/slow?ms=1");
                leaving.reset();
                staying.get("/interrupted").readUntil("\r\n\r\nclean");
                staying.get("/interrupted").readUntil("\r\n\r\nclean");
            }
        }
    }

    @Test
    void answersHeadWithoutABody() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.send("HEAD /hello HTTP/1.1\r\nHost: test\r\n\r\n");
            String head = client.readUntil("\r\n\r\n");
            String next = client.get("/hello").readUntil("\r\n\r\nhello");

            assertTrue(head.contains("Content-Length: 5"), head);
            assertTrue(next.startsWith("HTTP/1.1 200 "), next);
        }
    }

    @Test
    void asksForABodyThatWaitsToBeAskedFor() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.post("/echo", "Content-Length: 2", "Expect: 100-continue");
            client.readUntil("100 Continue\r\n\r\n");
            client.send("hi");

            client.readUntil("\r\n\r\nhi");
        }
    }

    @Test
    void refusesABodyAboveTheLimit() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 33554433\r\n\r\n");

            assertTrue(client.readToEnd().startsWith("HTTP/1.1 413 "));
        }
    }

    @Test
    void refusesAHeadAboveTheLimit() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.send(
                    "GET /hello HTTP/1.1\r\nHost: test\r\nX-Large: "
                            + "a".repeat(20_000)
                            + "\r\n\r\n");

            assertTrue(client.readToEnd().startsWith("HTTP/1.1 400 "));
        }
    }

    @Test
    void refusesABodyOfTwoLengths() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.send(
                    "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                            + "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
            String answer = client.readToEnd();

            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
            assertFalse(answer.contains("hello"), answer);
        }
    }

    @Test
    void closesAConnectionThatSpeaksSomethingElse() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            assertEquals("", client.send("INVALID CONNECTION PREFACE\r\n\r\n").readToEnd());
        }
    }

    @Test
    void writesEachEventAtOnce() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.get("/events?count=2&ms=100").readUntil(ProbeRoutes.EVENT);

            assertFalse(subject.events.has("ended"));
            client.readUntil("data: [DONE]\n\n\r\n0\r\n\r\n");
        }
    }
}
