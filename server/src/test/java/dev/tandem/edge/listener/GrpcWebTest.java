package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.MessageLite;
import dev.tandem.edge.listener.probe.ProbeRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// gRPC-Web in both its formats, over both versions of HTTP.
final class GrpcWebTest {

    @TempDir static Path folder;
    private static TestCertificate certificate;
    private static HttpClient http1;
    private static HttpClient http2;
    private Subject subject;

    @BeforeAll
    static void make() throws Exception {
        certificate = TestCertificate.create(folder, "web");
        http1 = client(Version.HTTP_1_1);
        http2 = client(Version.HTTP_2);
    }

    private static HttpClient client(Version version) throws Exception {
        return HttpClient.newBuilder().version(version).sslContext(certificate.client()).build();
    }

    @AfterAll
    static void end() {
        http1.shutdownNow();
        http2.shutdownNow();
    }

    @BeforeEach
    void start() throws IOException {
        subject = Subject.listener(TestSettings.defaults().with(certificate.settings()));
    }

    @AfterEach
    void stop() {
        subject.close();
    }

    static Stream<Arguments> ways() {
        return Stream.of(Version.values())
                .flatMap(
                        version ->
                                Stream.of(WebClient.BINARY, WebClient.TEXT)
                                        .map(type -> Arguments.of(version, type)));
    }

    private WebClient client(Version version, String contentType) {
        return new WebClient(
                version == Version.HTTP_2 ? http2 : http1,
                URI.create("https://localhost:" + subject.port),
                contentType);
    }

    private WebClient client() {
        return client(Version.HTTP_1_1, WebClient.BINARY);
    }

    private static ProbeRequest.Builder request(String behaviour) {
        return ProbeRequest.newBuilder().setBehaviour(behaviour);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void answersAUnaryCall(Version version, String contentType) throws Exception {
        WebClient.Answer answer =
                client(version, contentType)
                        .call("Unary", ProbeRequest.newBuilder().setText("hallo").build());

        assertEquals(version, answer.http().version());
        assertEquals(200, answer.http().statusCode());
        assertEquals(contentType, answer.http().headers().firstValue("content-type").orElse(""));
        assertEquals("hallo", answer.messages().getFirst().getText());
        assertEquals("0", answer.trailer("grpc-status"));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void answersAStream(Version version, String contentType) throws Exception {
        ProbeRequest request = ProbeRequest.newBuilder().setCount(300).setSize(1000).build();
        WebClient.Answer answer = client(version, contentType).call("ServerStream", request);

        assertEquals(300, answer.messages().size());
        assertEquals(299, answer.messages().getLast().getNumber());
        assertEquals("0", answer.trailer("grpc-status"));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void tellsAFailureWithItsDetails(Version version, String contentType) throws Exception {
        WebClient client = client(version, contentType);
        WebClient.Answer detailed = client.call("Unary", request("fail with details").build());
        WebClient.Answer unicode = client.call("Unary", request("fail in unicode").build());
        WebClient.Answer midway = client.call("ServerStream", request("fail midway").build());

        assertEquals(200, detailed.http().statusCode());
        assertEquals("3", detailed.trailer("grpc-status"));
        assertEquals("bad field", detailed.trailer("grpc-message"));
        byte[] details = Base64.getDecoder().decode(detailed.trailer("grpc-status-details-bin"));
        assertEquals("bad field", com.google.rpc.Status.parseFrom(details).getMessage());
        assertEquals(
                ProbeService.UTF8_MESSAGE,
                URLDecoder.decode(
                        unicode.trailer("grpc-message").replace("+", "%2B"),
                        StandardCharsets.UTF_8));
        assertEquals(1, midway.messages().size());
        assertEquals("9", midway.trailer("grpc-status"));
    }

    @Test
    void keepsADeadline() throws Exception {
        WebClient.Answer told =
                client().call("Unary", request("tell deadline").build(), "grpc-timeout", "60S");
        WebClient.Answer late =
                client().call(
                                "Unary",
                                request("wait for cancellation").build(),
                                "grpc-timeout",
                                "100m");
        WebClient.Answer wrong =
                client().call("Unary", request("").build(), "grpc-timeout", "soon");

        assertTrue(told.messages().getFirst().getNumber() > 50_000);
        assertEquals("4", late.trailer("grpc-status"));
        assertEquals("13", wrong.trailer("grpc-status"));
        assertTrue(wrong.trailer("grpc-message").contains("malformed grpc-timeout"));
    }

    @Test
    void tellsOfAnUnknownMethod() throws Exception {
        assertEquals("12", client().call("Nothing", request("").build()).trailer("grpc-status"));
    }

    @Test
    void carriesMetadata() throws Exception {
        WebClient.Answer answer =
                client().call("Unary", request("tell request id").build(), "x-request-id", "id-7");
        WebClient.Answer failed = client().call("Unary", request("fail").build());

        assertEquals("id-7", answer.messages().getFirst().getText());
        assertEquals("more", failed.trailer(ProbeService.EXTRA.name()));
        assertEquals("AQID/w", failed.trailer(ProbeService.EXTRA_BINARY.name()));
    }

    @Test
    void readsACompressedRequest() throws Exception {
        byte[] message = ProbeRequest.newBuilder().setText("packed").build().toByteArray();
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(message);
        }
        byte[] frame =
                ByteBuffer.allocate(5 + packed.size())
                        .put((byte) 1)
                        .putInt(packed.size())
                        .put(packed.toByteArray())
                        .array();

        WebClient.Answer answer = client().send("Unary", frame, "grpc-encoding", "gzip");
        WebClient.Answer unsaid = client().send("Unary", frame);

        assertEquals("packed", answer.messages().getFirst().getText());
        assertEquals("13", unsaid.trailer("grpc-status"));
    }

    @Test
    void readsTextThatIsPaddedInItsMiddle() throws Exception {
        byte[] frame = RawHttp2.framed(ProbeRequest.newBuilder().setText("ab").build());
        Base64.Encoder base64 = Base64.getEncoder();
        String body =
                base64.encodeToString(Arrays.copyOf(frame, 5))
                        + base64.encodeToString(Arrays.copyOfRange(frame, 5, frame.length));
        WebClient client = client(Version.HTTP_1_1, WebClient.TEXT);

        WebClient.Answer answer =
                client.read(
                        http1.send(
                                client.request("Unary", body.getBytes(StandardCharsets.US_ASCII)),
                                HttpResponse.BodyHandlers.ofByteArray()));

        assertEquals("ab", answer.messages().getFirst().getText());
    }

    @Test
    void refusesWhatIsNoGrpcWeb() throws Exception {
        WebClient json = new WebClient(http1, client().base(), "application/grpc-web+json");
        HttpResponse<byte[]> other =
                http1.send(
                        json.request("Unary", new byte[0]),
                        HttpResponse.BodyHandlers.ofByteArray());
        assertEquals(415, other.statusCode());

        try (RawHttp1 client = new RawHttp1(certificate.connect(subject.port, "http/1.1"))) {
            client.send(
                    "GET /probe.v1.Probe/Unary HTTP/1.1\r\nHost: test\r\nContent-Type: "
                            + WebClient.BINARY
                            + "\r\n\r\n");
            String answer = client.readUntil("\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 405 "), answer);
            assertTrue(answer.contains("Allow: POST"), answer);
        }
    }

    @Test
    void refusesFramesThatAreNone() throws Exception {
        byte[] broken = {9, 0, 0, 0, 0};
        WebClient text = client(Version.HTTP_1_1, WebClient.TEXT);
        WebClient.Answer noBase64 =
                text.read(
                        http1.send(
                                text.request("Unary", "a*b!".getBytes(StandardCharsets.US_ASCII)),
                                HttpResponse.BodyHandlers.ofByteArray()));

        assertEquals("13", client().send("Unary", broken).trailer("grpc-status"));
        assertEquals("13", noBase64.trailer("grpc-status"));
    }

    @Test
    void refusesAMessageThatIsTooLargeByItsLengthAlone() throws Exception {
        byte[] head = ByteBuffer.allocate(5).putInt(1, Subject.MESSAGE_BYTES_MAX + 1).array();

        WebClient.Answer answer = client().send("Unary", head);

        assertEquals("8", answer.trailer("grpc-status"));
        assertTrue(answer.trailer("grpc-message").contains("exceeds the maximum"));
    }

    @Test
    void cancelsTheCallOfABrowserThatLeaves() throws Exception {
        try (RawHttp1 client = new RawHttp1(certificate.connect(subject.port, "http/1.1"))) {
            begin(client, request("hold").build());
            client.readUntil("open");
            long left = System.nanoTime();
            client.leave();

            subject.events.await("cancelled", left);
        }
    }

    @Test
    void cancelsTheCallOfABrowserThatResetsItsStream() throws Exception {
        try (RawHttp2 client = new RawHttp2(certificate.connect(subject.port, "h2"))) {
            begin(client, 1, request("hold").build());
            client.await(Frame.DATA, 1);
            long left = System.nanoTime();
            client.reset(1, 8);

            subject.events.await("cancelled", left);
            client.get(3, "/hello").awaitEndOf(3);
        }
    }

    @Test
    void holdsTheServiceBackWhileTheBrowserDoesNotRead() throws Exception {
        ProbeRequest request = request("emit when ready").setCount(100_000).setSize(10_000).build();
        HttpResponse<InputStream> answer =
                http1.send(
                        client().request("ServerStream", RawHttp2.framed(request)),
                        HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = answer.body()) {
            assertEquals(0, in.read());
            int sent = awaitStandstill();
            assertTrue(sent < 3_000, "sent " + sent);
        }
        subject.events.await("cancelled", System.nanoTime());
    }

    /// Looks until the service has sent nothing more for a while.
    private int awaitStandstill() {
        int before = -1;
        for (int now = subject.service.sent(); now != before; now = subject.service.sent()) {
            before = now;
            LockSupport.parkNanos(200_000_000);
        }
        return before;
    }

    @Test
    void mixesWithRestAndGrpcOnOneConnection() throws Exception {
        ProbeRequest steady = ProbeRequest.newBuilder().setCount(20).setPauseMs(10).build();
        try (RawHttp2 client = new RawHttp2(certificate.connect(subject.port, "h2"))) {
            client.get(1, "/events?count=20&ms=10");
            client.grpc(3, "ServerStream").message(3, steady, true);
            begin(client, 5, steady);
            for (int round = 0; round < 10; round++) {
                int stream = 7 + 6 * round;
                client.get(stream, "/hello");
                client.grpc(stream + 2, "Unary")
                        .message(stream + 2, request("").setText("hi").build(), true);
                begin(client, stream + 4, request("").build());
                client.awaitEndOf(stream);
                client.awaitEndOf(stream + 2);
                client.awaitEndOf(stream + 4);
                assertEquals("hello", client.body(stream));
            }

            for (int stream : List.of(1, 3, 5)) {
                client.awaitEndOf(stream);
            }
            assertTrue(client.body(1).endsWith("data: [DONE]\n\n"));
            assertTrue(client.awaitEndOf(3).is(Frame.HEADERS, 3), client.describe());
            assertTrue(client.body(5).contains("grpc-status: 0"), client.body(5));
        }
    }

    private static void begin(RawHttp1 client, MessageLite request) throws IOException {
        byte[] frame = RawHttp2.framed(request);
        client.post(
                        "/probe.v1.Probe/ServerStream",
                        "Content-Type: " + WebClient.BINARY,
                        "Content-Length: " + frame.length)
                .send(frame);
    }

    private static void begin(RawHttp2 client, int stream, MessageLite request) throws IOException {
        client.post(stream, "/probe.v1.Probe/ServerStream", "content-type", WebClient.BINARY)
                .message(stream, request, true);
    }
}
