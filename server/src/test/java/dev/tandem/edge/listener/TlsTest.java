package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.edge.listener.probe.ProbeGrpc;
import dev.tandem.edge.listener.probe.ProbeRequest;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Everything on one port, with TLS below it.
final class TlsTest {

    @TempDir static Path folder;
    private static TestCertificate certificate;
    private Subject subject;

    @BeforeAll
    static void make() throws Exception {
        certificate = TestCertificate.create(folder, "one");
    }

    @BeforeEach
    void start() throws IOException {
        subject = Subject.listener(TestSettings.defaults().with(certificate.settings()));
    }

    @AfterEach
    void stop() {
        subject.close();
    }

    private RawHttp1 http1() throws IOException, GeneralSecurityException {
        return new RawHttp1(certificate.connect(subject.port, "http/1.1"));
    }

    private RawHttp2 http2() throws IOException, GeneralSecurityException {
        return new RawHttp2(certificate.connect(subject.port, "h2"));
    }

    private HttpResponse<byte[]> post(HttpClient.Version version, byte[] body) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("https://localhost:" + subject.port + "/echo"))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build();
        try (HttpClient client =
                HttpClient.newBuilder().version(version).sslContext(certificate.client()).build()) {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    @Test
    void servesRestOverBothVersionsOfHttp() throws Exception {
        byte[] large = new byte[3 << 20];
        new Random(1).nextBytes(large);
        for (HttpClient.Version version : HttpClient.Version.values()) {
            HttpResponse<byte[]> answer = post(version, large);

            assertEquals(version, answer.version());
            assertTrue(Arrays.equals(large, answer.body()), "the same bytes over " + version);
        }
    }

    @Test
    void servesGrpc() throws Exception {
        ManagedChannel channel =
                Grpc.newChannelBuilder(
                                "localhost:" + subject.port,
                                TlsChannelCredentials.newBuilder()
                                        .trustManager(certificate.authority().toFile())
                                        .build())
                        .build();
        try {
            ProbeGrpc.ProbeBlockingStub probe = ProbeGrpc.newBlockingStub(channel);
            int[] count = {0};
            probe.serverStream(ProbeRequest.newBuilder().setCount(200).build())
                    .forEachRemaining(message -> count[0]++);

            assertEquals(
                    "hi", probe.unary(ProbeRequest.newBuilder().setText("hi").build()).getText());
            assertEquals(200, count[0]);
        } finally {
            Subject.close(channel);
        }
    }

    @Test
    void picksHttp2FromWhateverAClientOffersBesideIt() throws Exception {
        for (String[] offer :
                new String[][] {{"grpc-exp", "h2"}, {"http/1.1", "h2"}, {"h2", "http/1.1"}}) {
            try (SSLSocket socket = certificate.connect(subject.port, offer)) {
                assertEquals("h2", socket.getApplicationProtocol(), Arrays.toString(offer));
            }
        }
    }

    @Test
    void refusesAClientThatOffersNothingWeSpeak() {
        assertThrows(SSLException.class, () -> certificate.connect(subject.port, "spdy/3"));
    }

    @Test
    void servesAClientThatOffersNothing() throws Exception {
        try (RawHttp1 client = new RawHttp1(certificate.connect(subject.port))) {
            client.get("/hello").readUntil("\r\n\r\nhello");
        }
    }

    @Test
    void servesOlderTls() throws Exception {
        SSLSocket socket =
                (SSLSocket)
                        certificate
                                .client()
                                .getSocketFactory()
                                .createSocket("localhost", subject.port);
        socket.setEnabledProtocols(new String[] {"TLSv1.2"});
        try (RawHttp1 client = new RawHttp1(socket)) {
            client.get("/hello").readUntil("\r\n\r\nhello");
            assertEquals("TLSv1.2", socket.getSession().getProtocol());

            socket.startHandshake();
            assertThrows(
                    IOException.class,
                    () -> client.get("/hello").readUntil("hello"),
                    "another handshake");
        }
    }

    @Test
    void takesNewKeysFromAClientThatWantsThem() throws Exception {
        SSLSocket socket = certificate.connect(subject.port, "http/1.1");
        try (RawHttp1 client = new RawHttp1(socket)) {
            assertEquals("TLSv1.3", socket.getSession().getProtocol());
            for (int time = 0; time < 3; time++) {
                socket.startHandshake();
                client.get("/hello").readUntil("\r\n\r\nhello");
            }
        }
    }

    @Test
    void offersNothingOlderThanTls12() throws Exception {
        try (TlsFiles files = new TlsFiles(certificate.settings())) {
            assertEquals(
                    "[TLSv1.3, TLSv1.2]", Arrays.toString(files.engine().getEnabledProtocols()));
        }
    }

    @Test
    void noticesAClientThatLeavesASilentHandler() throws Exception {
        try (RawHttp1 client = http1()) {
            client.get("/silent").readUntil(": open");
            long left = System.nanoTime();
            client.leave();

            subject.events.await("interrupted", left);
        }
    }

    @Test
    void noticesAnHttp2ClientThatLeavesASilentHandler() throws Exception {
        try (RawHttp2 client = http2()) {
            client.get(1, "/silent").await(Frame.DATA, 1);
            long left = System.nanoTime();
            client.leave();

            subject.events.await("interrupted", left);
        }
    }

    @Test
    void cancelsTheCallOfAGrpcClientThatLeaves() throws Exception {
        try (RawHttp2 client = http2()) {
            client.grpc(1, "ServerStream")
                    .message(1, StreamBehaviours.request("hold"), true)
                    .await(Frame.DATA, 1);
            long left = System.nanoTime();
            client.leave();

            subject.events.await("cancelled", left);
        }
    }

    @Test
    void drains() throws Exception {
        try (RawHttp1 kept = http1();
                RawHttp1 busy = http1();
                RawHttp2 stream = http2()) {
            kept.get("/hello").readUntil("\r\n\r\nhello");
            stream.get(1, "/slow?ms=300");
            subject.events.await("began", System.nanoTime());
            busy.get("/events?count=10&ms=40").readUntil("data: ");
            Thread drain = Thread.ofVirtual().start(() -> subject.drain(Duration.ofSeconds(5)));

            assertEquals("", kept.readToEnd());
            assertTrue(busy.readToEnd().endsWith("0\r\n\r\n"));
            stream.await(Frame.GOAWAY, 0);
            stream.awaitEndOf(1);
            assertEquals("slow", stream.body(1));
            stream.awaitEnd(Duration.ofSeconds(3));
            drain.join();
        }
    }
}
