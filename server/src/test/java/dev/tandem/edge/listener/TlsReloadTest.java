package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Certificates that change while the server runs, and files that are no certificates.
final class TlsReloadTest {

    @TempDir static Path made;
    private static TestCertificate one;
    private static TestCertificate two;

    @TempDir Path folder;
    private final Said said = new Said();
    private TlsSettings settings;

    @BeforeAll
    static void make() throws Exception {
        one = TestCertificate.create(made, "one");
        two = TestCertificate.create(made, "two");
    }

    @BeforeEach
    void install() throws IOException {
        settings =
                new TlsSettings(
                        folder.resolve("chain.pem"),
                        folder.resolve("key.pem"),
                        Duration.ofMillis(20));
        install(one);
        said.listen();
    }

    @AfterEach
    void stopListening() {
        said.close();
    }

    private void install(TestCertificate certificate) throws IOException {
        replace(certificate.key(), settings.privateKey());
        replace(certificate.chain(), settings.certificate());
    }

    private static void replace(Path source, Path target) throws IOException {
        Path next = target.resolveSibling("next");
        Files.copy(source, next, StandardCopyOption.REPLACE_EXISTING);
        Files.move(next, target, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void newConnectionsGetANewCertificateAndOldOnesGoOn() throws Exception {
        try (Subject subject = Subject.listener(TestSettings.defaults().with(settings));
                RawHttp1 old = new RawHttp1(one.connect(subject.port, "http/1.1"))) {
            said.await("CN=one");
            install(two);
            said.await("CN=two");

            try (SSLSocket fresh = two.connect(subject.port, "h2")) {
                assertEquals(2, fresh.getSession().getPeerCertificates().length);
            }
            assertThrows(IOException.class, () -> one.connect(subject.port, "h2"));
            old.get("/hello").readUntil("\r\n\r\nhello");
        }
    }

    @Test
    void aBrokenFileKeepsTheOldCertificateAndWarnsOnce() throws Exception {
        try (Subject subject = Subject.listener(TestSettings.defaults().with(settings))) {
            said.await("CN=one");
            Files.writeString(settings.certificate(), "not yet");

            ILoggingEvent warning = said.await("the old one stays");
            assertEquals("WARN", warning.getLevel().toString());
            one.connect(subject.port, "h2").close();

            install(two);
            said.await("CN=two");
            two.connect(subject.port, "h2").close();
            assertFalse(said.hasMore("the old one stays"));
        }
    }

    @Test
    void anEncryptedKeyIsRefusedWithItsRemedy() throws IOException {
        Files.writeString(
                settings.privateKey(),
                TestCertificate.block("ENCRYPTED PRIVATE KEY", new byte[] {1}));

        assertRefused("is encrypted, and nobody could enter its password; convert it: openssl");
    }

    @Test
    void aKeyInAnOlderFormatIsRefusedWithItsRemedy() throws IOException {
        Files.writeString(
                settings.privateKey(), TestCertificate.block("RSA PRIVATE KEY", new byte[] {1}));

        assertRefused("is in the older format RSA PRIVATE KEY; convert it: openssl");
    }

    @Test
    void anotherCertificatesKeyIsRefused() throws IOException {
        replace(two.key(), settings.privateKey());

        assertRefused("is not the key of the certificate in " + settings.certificate());
    }

    @Test
    void filesThatAreMissingEmptyOrDamagedAreRefused() throws IOException {
        Files.writeString(settings.privateKey(), "");
        assertRefused("must hold one private key in PEM format");

        replace(one.key(), settings.privateKey());
        Files.writeString(
                settings.certificate(), TestCertificate.block("CERTIFICATE", new byte[] {1}));
        assertRefused("holds a damaged certificate");

        Files.delete(settings.certificate());
        assertRefused("cannot be read");
    }

    private void assertRefused(String message) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> new TlsFiles(settings));
        String said = String.valueOf(refusal.getMessage());
        assertTrue(said.contains(message), said);
        assertTrue(said.startsWith("server.tls."), said);
    }

    /// What the watch of the files logs.
    private static final class Said extends AppenderBase<ILoggingEvent> implements AutoCloseable {
        private final Logger logger = (Logger) LoggerFactory.getLogger(TlsFiles.class);
        private final BlockingQueue<ILoggingEvent> events = new LinkedBlockingQueue<>();

        void listen() {
            start();
            logger.setLevel(Level.INFO);
            logger.setAdditive(false);
            logger.addAppender(this);
        }

        @Override
        protected void append(ILoggingEvent event) {
            events.add(event);
        }

        ILoggingEvent await(String part) throws InterruptedException {
            while (true) {
                ILoggingEvent event = events.poll(5, TimeUnit.SECONDS);
                assertTrue(event != null, "nothing said with " + part);
                if (event.getFormattedMessage().contains(part)) {
                    return event;
                }
            }
        }

        boolean hasMore(String part) {
            return events.stream().anyMatch(event -> event.getFormattedMessage().contains(part));
        }

        @Override
        public void close() {
            logger.detachAppender(this);
            logger.setLevel(null);
            logger.setAdditive(true);
        }
    }
}
