package dev.tandem.edge.listener;

import dev.tandem.edge.listener.probe.ProbeRequest;
import java.util.List;

/// What can be done with HTTP/2's windows: answers that nobody takes.
final class WindowAttacks {

    private static final int STREAMS = 200;
    private static final String CALM = "stream reset, ENHANCE_YOUR_CALM";

    private WindowAttacks() {}

    static List<Attack> all() {
        return List.of(
                new Attack(
                        "HTTP/2: 200 answers into a window of zero",
                        CALM,
                        subject -> hold(subject, 0)),
                new Attack(
                        "HTTP/2: 200 answers into a window of one byte",
                        CALM,
                        subject -> hold(subject, 1)),
                new Attack(
                        "HTTP/2: a window that opens byte by byte",
                        "answered in full",
                        WindowAttacks::byteByByte),
                new Attack(
                        "HTTP/2: 200 gRPC streams of 100 KB messages into a window of zero",
                        CALM,
                        WindowAttacks::holdGrpc),
                new Attack(
                        "HTTP/2: answers without end, reading nothing from the socket",
                        "closed",
                        WindowAttacks::holdSocket));
    }

    private static String hold(Subject subject, int window) throws Exception {
        try (RawHttp2 client = new RawHttp2(subject.port, window).givesNoWindow()) {
            for (int number = 0; number < STREAMS; number++) {
                client.get(number * 2 + 1, "/events?count=1000000");
            }
            String end = "";
            for (int number = 0; number < STREAMS; number++) {
                end = Outcome.of(client, number * 2 + 1);
            }
            return end;
        }
    }

    private static String byteByByte(Subject subject) throws Exception {
        try (RawHttp2 client = new RawHttp2(subject.port, 0).givesNoWindow()) {
            client.get(1, "/events?count=100");
            int bytes = ProbeRoutes.EVENT.length() * 100 + 14;
            for (int number = 0; number < bytes; number++) {
                client.window(1, 1);
            }
            return Outcome.of(client, 1);
        }
    }

    private static String holdGrpc(Subject subject) throws Exception {
        ProbeRequest large =
                ProbeRequest.newBuilder()
                        .setBehaviour("emit when ready")
                        .setCount(1_000)
                        .setSize(100_000)
                        .build();
        try (RawHttp2 client = new RawHttp2(subject.port, 0).givesNoWindow()) {
            for (int number = 0; number < STREAMS; number++) {
                int stream = number * 2 + 1;
                client.grpc(stream, "ServerStream").message(stream, large, true);
            }
            String end = "";
            for (int number = 0; number < STREAMS; number++) {
                end = Outcome.of(client, number * 2 + 1);
            }
            return end;
        }
    }

    private static String holdSocket(Subject subject) throws Exception {
        try (RawHttp2 client = new RawHttp2(subject.port, Integer.MAX_VALUE).stopsReading()) {
            client.window(0, Integer.MAX_VALUE - 65_535);
            client.get(1, "/events?count=100000000");
            subject.events.await("ended", System.nanoTime(), Outcome.LIMIT);
            return "closed";
        }
    }
}
