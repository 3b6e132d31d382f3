package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients that keep a server with TLS waiting.
final class TlsTimeoutsTest {

    private static final Duration SLACK = Duration.ofMillis(500);

    @TempDir static Path folder;
    private static TestCertificate certificate;
    private Subject subject;

    @BeforeAll
    static void make() throws Exception {
        certificate = TestCertificate.create(folder, "one");
    }

    @BeforeEach
    void start() throws IOException {
        subject = Subject.listener(TestSettings.impatient().with(certificate.settings()));
    }

    @AfterEach
    void stop() {
        subject.close();
    }

    private RawHttp1 http1() throws IOException, GeneralSecurityException {
        return new RawHttp1(certificate.connect(subject.port, "http/1.1"));
    }

    @Test
    void cutsASilentHandshake() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            assertEndsAfter(TestSettings.HEAD, client);
        }
    }

    @Test
    void cutsAHandshakeThatDoesNotEnd() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.send(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3});

            assertEndsAfter(TestSettings.HEAD, client);
        }
    }

    @Test
    void cutsAClientThatIsSilentAfterItsHandshake() throws Exception {
        try (RawHttp1 client = http1()) {
            assertEndsAfter(TestSettings.HEAD, client);
        }
    }

    @Test
    void cutsAClientThatDoesNotReadItsAnswer() throws Exception {
        try (RawHttp1 client = http1()) {
            client.get("/events?count=1000000");

            subject.events.await("ended", System.nanoTime());
            try (RawHttp1 other = subject.http1()) {
                assertEndsAfter(TestSettings.HEAD, other);
            }
        }
    }

    @Test
    void closesAtOnceOnAClientWithoutTls() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            long begin = System.nanoTime();
            client.get("/hello").readToEnd();

            assertTrue(elapsed(begin).compareTo(TestSettings.HEAD) < 0);
        }
    }

    private static void assertEndsAfter(Duration limit, RawHttp1 client) throws IOException {
        long begin = System.nanoTime();
        assertEquals("", client.readToEnd());

        Duration took = elapsed(begin);
        assertTrue(took.compareTo(limit.minusMillis(100)) > 0, "cut after " + took);
        assertTrue(took.compareTo(limit.plus(SLACK)) < 0, "cut after " + took);
    }

    private static Duration elapsed(long beginNanos) {
        return Duration.ofNanos(System.nanoTime() - beginNanos);
    }
}
