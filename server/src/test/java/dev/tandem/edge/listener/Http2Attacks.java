package dev.tandem.edge.listener;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// What can be done with HTTP/2's frames.
final class Http2Attacks {

    private static final int CANCEL = 8;
    private static final int PRIORITY = 2;
    private static final int UNKNOWN = 0xbe;
    private static final int FLOOD = 1_000_000;
    private static final byte[] NOTHING = new byte[0];

    private Http2Attacks() {}

    /// What an attacker does with its connection, and what came of it.
    private interface On {
        String run(RawHttp2 client) throws Exception;
    }

    /// Sends one frame of many.
    private interface Send {
        void send(int number) throws IOException;
    }

    static List<Attack> all() {
        return List.of(
                attack("a preface, then nothing", "closed", Outcome::of),
                attack("a head that drips", "closed", client -> slowHead(client, 1)),
                attack(
                        "a head that drips on a later request",
                        "closed",
                        client -> slowHead(client.get(1, "/hello"), 3)),
                attack("a frame's head that drips", "closed", Http2Attacks::slowFrame),
                attack("a body that drips", "answered 408", Http2Attacks::slowBody),
                attack("a body that never ends", "answered (413|408)", Http2Attacks::endlessBody),
                attack("rapid reset", "closed, ENHANCE_YOUR_CALM", Http2Attacks::rapidReset),
                attack(
                        "MadeYouReset",
                        "closed, (ENHANCE_YOUR_CALM|FLOW_CONTROL_ERROR)",
                        Http2Attacks::madeYouReset),
                attack("CONTINUATION flood", "closed.*", Http2Attacks::continuation),
                attack(
                        "empty CONTINUATION flood",
                        "closed.*",
                        client -> {
                            client.send(Frame.HEADERS, 0, 1, RawHttp2.request("GET", "/hello"));
                            return flood(client, Frame.CONTINUATION, 1, NOTHING);
                        }),
                attack(
                        "PING flood, reading nothing",
                        "closed.*",
                        client -> flood(client.stopsReading(), Frame.PING, 0, new byte[8])),
                attack(
                        "SETTINGS flood, reading nothing",
                        "closed.*",
                        client -> flood(client.stopsReading(), Frame.SETTINGS, 0, NOTHING)),
                attack(
                        "PRIORITY flood",
                        "closed, ENHANCE_YOUR_CALM",
                        client -> flood(client, PRIORITY, 3, new byte[5])),
                attack(
                        "flood of unknown frames",
                        "closed, ENHANCE_YOUR_CALM",
                        client -> flood(client, UNKNOWN, 0, new byte[5])),
                attack(
                        "WINDOW_UPDATE flood",
                        "closed, ENHANCE_YOUR_CALM",
                        client -> flood(client, Frame.WINDOW_UPDATE, 0, RawHttp2.number(1))),
                attack(
                        "RST_STREAM flood on an ended stream",
                        "closed, ENHANCE_YOUR_CALM",
                        client ->
                                flood(
                                        client.get(1, "/hello"),
                                        Frame.RST_STREAM,
                                        1,
                                        RawHttp2.number(CANCEL))),
                attack("empty DATA flood", "closed.*", Http2Attacks::emptyData),
                attack("a header list above the limit", "closed.*", Http2Attacks::largeHead),
                attack("a header list that unpacks above it", "answered 431", Http2Attacks::bomb),
                attack(
                        "a target above the limit",
                        "answered 414",
                        client -> Outcome.of(client.get(1, "/" + "a".repeat(9_000)), 1)),
                attack(
                        "a frame above the limit",
                        "closed, FRAME_SIZE_ERROR",
                        client -> Outcome.of(client.data(1, new byte[20_000], false))),
                attack(
                        "a head that smuggles a request",
                        "stream reset, PROTOCOL_ERROR",
                        client ->
                                Outcome.of(
                                        client.post(1, "/echo", "x", "a\r\n\r\nGET / HTTP/1.1\r\n"),
                                        1)),
                attack(
                        "a length that is not the body's",
                        "stream reset, PROTOCOL_ERROR",
                        client ->
                                Outcome.of(
                                        client.post(1, "/echo", "content-length", "3")
                                                .data(1, "four".getBytes(US_ASCII), true),
                                        1)));
    }

    private static Attack attack(String name, String end, On what) {
        return new Attack(
                "HTTP/2: " + name,
                end,
                subject -> {
                    try (RawHttp2 client = subject.http2()) {
                        return what.run(client);
                    }
                });
    }

    private static void repeat(RawHttp2 client, int times, Send send) {
        try {
            for (int number = 0; number < times && client.isOpen(); number++) {
                send.send(number);
            }
            client.flush();
        } catch (IOException e) {
            // the server closed
        }
    }

    private static String flood(RawHttp2 client, int type, int stream, byte[] payload)
            throws InterruptedException {
        repeat(client, FLOOD, number -> client.put(type, 0, stream, payload));
        return Outcome.of(client.readsOn());
    }

    private static String slowHead(RawHttp2 client, int stream) throws Exception {
        if (stream > 1) {
            client.awaitEndOf(1);
        }
        client.sendRaw(new byte[] {0, 1, 0, Frame.HEADERS, Frame.END_HEADERS});
        client.sendRaw(RawHttp2.number(stream));
        repeat(
                client,
                200,
                number -> {
                    client.sendRaw(new byte[1]);
                    LockSupport.parkNanos(30_000_000);
                });
        return Outcome.of(client);
    }

    private static String slowFrame(RawHttp2 client) throws Exception {
        client.get(1, "/hello").awaitEndOf(1);
        client.sendRaw(new byte[] {0, 0, 50, 1, 5, 0});
        return Outcome.of(client);
    }

    private static String slowBody(RawHttp2 client) throws Exception {
        client.post(1, "/echo");
        repeat(
                client,
                100,
                number -> {
                    if (client.find(Http2Attacks::endsFirst).isEmpty()) {
                        client.data(1, new byte[1], false);
                        LockSupport.parkNanos(30_000_000);
                    }
                });
        return Outcome.of(client, 1);
    }

    private static String endlessBody(RawHttp2 client) throws Exception {
        client.await(Frame.SETTINGS, 0);
        client.post(1, "/echo");
        int piece = 16 << 10;
        for (long sent = 0; client.find(Http2Attacks::endsFirst).isEmpty(); sent += piece) {
            long next = sent + piece;
            client.await(
                    frame ->
                            endsFirst(frame)
                                    || (client.windowGiven(1) + (1 << 20) >= next
                                            && client.windowGiven(0) + 65_535 >= next));
            client.data(1, new byte[piece], false);
        }
        return Outcome.of(client, 1);
    }

    private static boolean endsFirst(Frame frame) {
        return frame.stream() == 1 && (frame.endsStream() || frame.type() == Frame.RST_STREAM);
    }

    private static String rapidReset(RawHttp2 client) throws Exception {
        repeat(
                client,
                5_000,
                number -> {
                    client.grpc(number * 2 + 1, "ServerStream");
                    client.reset(number * 2 + 1, CANCEL);
                });
        return Outcome.of(client);
    }

    private static String madeYouReset(RawHttp2 client) throws Exception {
        repeat(
                client,
                2_000,
                number -> {
                    client.grpc(number * 2 + 1, "ServerStream");
                    client.window(number * 2 + 1, 0);
                });
        return Outcome.of(client);
    }

    private static String continuation(RawHttp2 client) throws Exception {
        client.send(Frame.HEADERS, 0, 1, RawHttp2.request("GET", "/hello"));
        return flood(client, Frame.CONTINUATION, 1, RawHttp2.headers("x", "a".repeat(15_000)));
    }

    private static String emptyData(RawHttp2 client) throws Exception {
        return flood(client.post(1, "/never-read"), Frame.DATA, 1, NOTHING);
    }

    private static String largeHead(RawHttp2 client) throws Exception {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.writeBytes(RawHttp2.request("GET", "/hello"));
        head.writeBytes(RawHttp2.headers("x-one", "a".repeat(12_000)));
        client.send(Frame.HEADERS, Frame.END_STREAM, 1, head.toByteArray());
        byte[] rest = RawHttp2.headers("x-two", "a".repeat(12_000));
        client.send(Frame.CONTINUATION, Frame.END_HEADERS, 1, rest);
        return Outcome.of(client);
    }

    /// One large field for HPACK's table, and then a byte for each time it is to be repeated.
    private static String bomb(RawHttp2 client) throws Exception {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.writeBytes(RawHttp2.request("GET", "/hello"));
        byte[] field = RawHttp2.headers("x-large", "a".repeat(3_900));
        field[0] = 0x40;
        head.writeBytes(field);
        for (int times = 0; times < 8_000; times++) {
            head.write(0xbe);
        }
        int flags = Frame.END_HEADERS | Frame.END_STREAM;
        client.send(Frame.HEADERS, flags, 1, head.toByteArray());
        return Outcome.of(client, 1);
    }
}
