package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.edge.listener.probe.ProbeRequest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;

/// A client that behaves as grpc-swift 2 does: a window of 8 MiB, no `user-agent`, the end of the
/// request on its message or, as older ones, on an empty DATA frame. Being ours it also looks at
/// the frames themselves.
final class SwiftColumn {

    private static final int WINDOW = 8 << 20;
    private static final int HEADER_LIST_MAX = 16 << 10;
    private static final int TRAILERS_MAX = 8 << 10;
    private static final int CANCEL = 8;
    private static final byte[] NOTHING = new byte[0];

    private final Subject subject;

    private SwiftColumn(Subject subject) {
        this.subject = subject;
    }

    static Map<String, String> fill(Subject subject) {
        return JavaRows.filled(new SwiftColumn(subject).rows());
    }

    /// Uses one connection.
    private interface On {
        void run(RawHttp2 client) throws Exception;
    }

    private JavaRows.Check on(On what) {
        return () -> {
            try (RawHttp2 client = RawHttp2.like(subject.port, WINDOW, HEADER_LIST_MAX)) {
                what.run(client);
            }
        };
    }

    private Map<String, JavaRows.Check> rows() {
        Map<String, JavaRows.Check> rows = new LinkedHashMap<>();
        rows.put("unary", on(client -> assertStatus(client, 0, "")));
        rows.put("server streaming", on(SwiftColumn::stream));
        rows.put("thrown handler", on(client -> assertStatus(client, 2, "throw exception")));
        rows.put("each status code", on(SwiftColumn::eachCode));
        rows.put(
                "UTF-8 status text",
                on(client -> assertTrailer(client, "fail in unicode", "%E6%BC%A2%E5%AD%97")));
        rows.put(
                "error details",
                on(
                        client ->
                                assertTrailer(
                                        client, "fail with details", "grpc-status-details-bin")));
        rows.put("deadline", on(SwiftColumn::deadline));
        rows.put("cancel of a silent stream", on(client -> cancel(client, 1, "hold")));
        rows.put(
                "cancel of an emitting stream",
                on(client -> cancel(client, 1, "emit until cancelled")));
        rows.put("120 cancels beside a live stream", on(SwiftColumn::manyCancels));
        rows.put("GOAWAY of the client midway", on(SwiftColumn::goAway));
        rows.put("pings on a quiet stream", on(SwiftColumn::quiet));
        rows.put("messages of 1.9, 2.1, 4.1 and 15 MB", on(SwiftColumn::large));
        rows.put("a message above the limit", on(SwiftColumn::tooLarge));
        rows.put("compressed requests", on(SwiftColumn::compressed));
        rows.put("unknown service", on(client -> refused(client, "/nope.Nope/Nope")));
        rows.put("unknown method", on(client -> refused(client, "/probe.v1.Probe/Nope")));
        rows.put("5,000 open streams", on(SwiftColumn::openStreams));
        rows.put("a reader that stops and goes on", on(SwiftColumn::stopsAndGoesOn));
        rows.put("end of the request on an empty DATA frame", on(SwiftColumn::emptyEnd));
        rows.put("no empty DATA frame, no RST_STREAM after trailers", on(SwiftColumn::quietEnd));
        rows.put(
                "`grpc-retry-pushback-ms`",
                on(client -> assertTrailer(client, "fail with pushback", "pushback-ms")));
        rows.put("drain with a stream in flight", on(this::drain));
        return rows;
    }

    private static ProbeRequest emit(int count, int pauseMs) {
        return ProbeRequest.newBuilder().setCount(count).setPauseMs(pauseMs).build();
    }

    private static RawHttp2 call(RawHttp2 client, int stream, String method, ProbeRequest request)
            throws Exception {
        return client.grpc(stream, method).message(stream, request, true);
    }

    private static ProbeRequest behave(String behaviour) {
        return ProbeRequest.newBuilder().setBehaviour(behaviour).build();
    }

    private static void assertTrailer(RawHttp2 client, String behaviour, String wanted)
            throws Exception {
        Frame end = call(client, 1, "Unary", behave(behaviour)).awaitEndOf(1);
        assertTrue(end.text().contains(wanted), end.text());
        assertTrue(end.payload().size() < TRAILERS_MAX);
    }

    private static void assertStatus(RawHttp2 client, int status, String behaviour)
            throws Exception {
        Frame end = call(client, 1, "Unary", behave(behaviour)).awaitEndOf(1);
        assertEquals(status, status(end));
    }

    /// The status is a literal behind its name.
    private static int status(Frame trailers) {
        String text = trailers.text();
        int at = text.indexOf("grpc-status");
        assertTrue(at >= 0, text);
        int length = text.charAt(at + 11);
        return Integer.parseInt(text.substring(at + 12, at + 12 + length));
    }

    private static void stream(RawHttp2 client) throws Exception {
        call(client, 1, "ServerStream", emit(5, 0)).awaitEndOf(1);
        assertEquals(5, client.messages(1));
    }

    /// Each on a connection's own stream; HPACK's table may hold the name after the first.
    private static void eachCode(RawHttp2 client) throws Exception {
        for (int code = 1; code <= 16; code++) {
            int stream = code * 2 - 1;
            ProbeRequest request = behave("fail as").toBuilder().setCount(code).build();
            Frame end = call(client, stream, "Unary", request).awaitEndOf(stream);
            assertTrue(end.text().contains(Integer.toString(code)), end.text());
        }
    }

    private static void deadline(RawHttp2 client) throws Exception {
        client.grpc(1, "Unary", "grpc-timeout", "200m");
        client.message(1, behave("wait for cancellation"), true);
        assertEquals(4, status(client.awaitEndOf(1)));
    }

    private static void cancel(RawHttp2 client, int stream, String behaviour) throws Exception {
        call(client, stream, "ServerStream", behave(behaviour)).await(Frame.DATA, stream);
        client.reset(stream, CANCEL);
    }

    private static void manyCancels(RawHttp2 client) throws Exception {
        call(client, 1, "ServerStream", emit(60, 10)).await(Frame.DATA, 1);
        for (int stream = 3; stream < 243; stream += 2) {
            cancel(client, stream, "emit until cancelled");
        }
        client.awaitEndOf(1);
        assertEquals(60, client.messages(1));
    }

    private static void goAway(RawHttp2 client) throws Exception {
        call(client, 1, "ServerStream", emit(20, 20)).await(Frame.DATA, 1);
        client.send(Frame.GOAWAY, 0, 0, new byte[8]);
        client.awaitEndOf(1);
        assertEquals(20, client.messages(1));
    }

    private static void quiet(RawHttp2 client) throws Exception {
        call(client, 1, "ServerStream", behave("hold")).await(Frame.DATA, 1);
        for (int number = 0; number < 20; number++) {
            client.ping();
            LockSupport.parkNanos(TestSettings.IDLE.dividedBy(8).toNanos());
        }
        call(client, 3, "Unary", behave("")).awaitEndOf(3);
        assertEquals(0, client.count(frame -> frame.type() == Frame.GOAWAY));
    }

    private static void large(RawHttp2 client) throws Exception {
        int stream = 1;
        for (int size : List.of(1_900_000, 2_100_000, 4_100_000, 15_000_000)) {
            ProbeRequest request = ProbeRequest.newBuilder().setSize(size).build();
            long before = client.dataBytes();
            call(client, stream, "Unary", request).awaitEndOf(stream);
            assertTrue(client.dataBytes() - before > size);
            stream += 2;
        }
    }

    /// Its length alone is enough for a refusal.
    private static void tooLarge(RawHttp2 client) throws Exception {
        byte[] begin = ByteBuffer.allocate(5).put((byte) 0).putInt(17_000_000).array();
        assertEquals(8, status(client.grpc(1, "Unary").data(1, begin, false).awaitEndOf(1)));
    }

    private static void compressed(RawHttp2 client) throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(ProbeRequest.newBuilder().setText("hi").build().toByteArray());
        }
        byte[] message =
                ByteBuffer.allocate(5 + packed.size())
                        .put((byte) 1)
                        .putInt(packed.size())
                        .put(packed.toByteArray())
                        .array();
        client.grpc(1, "Unary", "grpc-encoding", "gzip").data(1, message, true).awaitEndOf(1);
        assertTrue(client.body(1).contains("hi"), client.describe());
    }

    private static void refused(RawHttp2 client, String path) throws Exception {
        client.post(1, path, "content-type", "application/grpc", "te", "trailers");
        client.message(1, behave(""), true);
        assertTrue(client.awaitEndOf(1).is(Frame.HEADERS, 1), client.describe());
        assertEquals(1, client.count(frame -> frame.stream() == 1 && !frame.is(8, 1)));
    }

    private static void openStreams(RawHttp2 client) throws Exception {
        client.await(Frame.SETTINGS, 0);
        for (int number = 0; number < 5_000; number++) {
            call(client, number * 2 + 1, "ServerStream", behave("hold"));
        }
        client.await(frame -> frame.type() == Frame.DATA, 5_000);
    }

    private static void stopsAndGoesOn(RawHttp2 client) throws Exception {
        ProbeRequest request =
                behave("emit when ready").toBuilder().setCount(10_000).setSize(1_000).build();
        call(client, 1, "ServerStream", request).await(Frame.DATA, 1);
        client.stopsReading();
        LockSupport.parkNanos(1_000_000_000);
        client.readsOn().awaitEndOf(1);
        assertTrue(client.dataBytes() > 10_000_000);
    }

    private static void emptyEnd(RawHttp2 client) throws Exception {
        client.grpc(1, "Unary").message(1, behave(""), false).data(1, NOTHING, true);
        assertEquals(0, status(client.awaitEndOf(1)));
    }

    private static void quietEnd(RawHttp2 client) throws Exception {
        call(client, 1, "ServerStream", emit(10, 0)).awaitEndOf(1);
        call(client, 3, "Unary", behave("fail")).awaitEndOf(3);
        client.ping().await(frame -> frame.type() == Frame.PING && frame.isAck());

        assertEquals(0, client.count(frame -> frame.type() == Frame.RST_STREAM));
        assertEquals(0, client.count(frame -> frame.type() == 0 && frame.payload().isEmpty()));
    }

    private void drain(RawHttp2 client) throws Exception {
        call(client, 1, "ServerStream", emit(30, 30)).await(Frame.DATA, 1);
        Thread drain = Thread.ofVirtual().start(() -> subject.drain(Duration.ofSeconds(5)));
        client.awaitEndOf(1);
        assertEquals(30, client.messages(1));
        client.awaitEnd(Duration.ofSeconds(3));
        assertEquals(2, client.count(frame -> frame.type() == Frame.GOAWAY));
        drain.join();
    }
}
