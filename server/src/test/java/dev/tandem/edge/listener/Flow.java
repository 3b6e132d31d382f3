package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.edge.listener.probe.ProbeGrpc;
import dev.tandem.edge.listener.probe.ProbeRequest;
import io.grpc.Status.Code;
import java.util.concurrent.locks.LockSupport;

/// What flow control has to do.
final class Flow {

    private static final int WINDOW = 65_535;
    private static final int MESSAGE_BYTES = 1_000;

    private Flow() {}

    private static ProbeRequest emit(int count) {
        return ProbeRequest.newBuilder()
                .setBehaviour("emit when ready")
                .setCount(count)
                .setSize(MESSAGE_BYTES)
                .build();
    }

    static void slowReader(Subject subject) throws Exception {
        try (RawHttp2 client = subject.http2().givesNoWindow()) {
            client.grpc(1, "ServerStream").message(1, emit(100_000), true);
            int sent = awaitStandstill(subject);

            assertTrue(sent >= WINDOW / (MESSAGE_BYTES + 20), "sent " + sent);
            assertTrue(sent < 500, "sent " + sent);
        }
    }

    static void readsOn(Subject subject) throws Exception {
        try (RawHttp2 client = subject.http2().givesNoWindow()) {
            client.grpc(1, "ServerStream").message(1, emit(2_000), true);
            int ignored = awaitStandstill(subject);
            client.window(0, 100 << 20).window(1, 100 << 20);

            assertTrue(client.awaitEndOf(1).is(Frame.HEADERS, 1), client.describe());
            assertTrue(client.dataBytes() > 2_000L * MESSAGE_BYTES);
        }
    }

    /// Waits until the service sends nothing for a while, and tells how much it sent.
    private static int awaitStandstill(Subject subject) {
        int before = -1;
        int sent = 0;
        for (int look = 0; look < 40 && (sent == 0 || sent != before); look++) {
            before = sent;
            LockSupport.parkNanos(100_000_000);
            sent = subject.service.sent();
        }
        return sent;
    }

    static void paced(Subject subject) throws Exception {
        StreamBehaviours.withChannel(
                subject,
                channel -> {
                    Answer answer = new Answer();
                    ProbeGrpc.newStub(channel).serverStream(emit(1_000), answer);

                    assertEquals(Code.OK, answer.awaitEnd().getCode());
                    assertEquals(1_000, answer.messages().size());
                });
    }

    /// Gives the window in small pieces to 100 streams that all want it.
    static void connectionWindow(Subject subject) throws Exception {
        try (RawHttp2 client = subject.http2().givesNoWindow()) {
            ProbeRequest much = ProbeRequest.newBuilder().setCount(40).setSize(1_000).build();
            for (int stream = 1; stream < 200; stream += 2) {
                client.grpc(stream, "ServerStream").message(stream, much, true);
            }
            long given = WINDOW;
            for (int round = 0; round < 60; round++) {
                LockSupport.parkNanos(5_000_000);
                long got = client.dataBytes();
                assertTrue(got <= given, "got " + got + " of " + given);
                client.window(0, 30_000);
                given += 30_000;
            }
            assertTrue(client.isOpen(), client.describe());
        }
    }

    /// The client goes on sending while it takes no answer, and then takes them all.
    static void fullWindow(Subject subject) throws Exception {
        try (RawHttp2 client = subject.http2().givesNoWindow()) {
            ProbeRequest large = ProbeRequest.newBuilder().setSize(4_000).build();
            client.grpc(1, "Bidi");
            for (int number = 0; number < 60; number++) {
                client.message(1, large, number == 59);
                LockSupport.parkNanos(1_000_000);
            }
            client.await(frame -> frame.is(Frame.DATA, 1) && client.dataBytes() > WINDOW - 4_100);
            client.window(0, 1 << 20).window(1, 1 << 20);

            assertTrue(client.awaitEndOf(1).is(Frame.HEADERS, 1), client.describe());
            assertTrue(client.dataBytes() > 60 * 4_000);
        }
    }
}
