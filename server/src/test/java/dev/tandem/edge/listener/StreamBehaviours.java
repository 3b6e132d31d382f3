package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.edge.listener.probe.ProbeGrpc;
import dev.tandem.edge.listener.probe.ProbeRequest;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;

/// What many calls on one connection have to do, and calls whose client leaves.
final class StreamBehaviours {

    private static final int CANCEL = 8;

    /// What a client says once more to data that was on its way when it cancelled.
    private static final int STREAM_CLOSED = 5;

    /// Generous, for a machine that is busy; see the decision record for what was measured.
    private static final Duration SOON = Duration.ofMillis(500);

    private StreamBehaviours() {}

    static List<Behaviour> all() {
        return List.of(
                new Behaviour("ends a call at its deadline", StreamBehaviours::deadline),
                new Behaviour(
                        "cancels the context of a call at its deadline",
                        StreamBehaviours::deadlineCancels),
                new Behaviour(
                        "tells an emitting service of a cancel",
                        s -> cancel(s, "emit until cancelled", "saw cancellation")),
                new Behaviour(
                        "tells a silent service of a cancel", s -> cancel(s, "hold", "cancelled")),
                new Behaviour(
                        "cancels the context of a blocked service",
                        s -> cancel(s, "block", "context cancelled")),
                new Behaviour(
                        "tells an emitting service of a lost connection",
                        s -> drop(s, "emit until cancelled", "saw cancellation")),
                new Behaviour(
                        "tells a silent service of a lost connection",
                        s -> drop(s, "hold", "cancelled")),
                new Behaviour(
                        "cancels the context of a blocked service on a lost connection",
                        s -> drop(s, "block", "context cancelled")),
                new Behaviour("stops a service whose client does not read", Flow::slowReader),
                new Behaviour("is ready again when the client reads on", Flow::readsOn),
                new Behaviour("keeps to the window of the connection", Flow::connectionWindow),
                new Behaviour("never deadlocks on a full window", Flow::fullWindow),
                new Behaviour("delivers a stream paced by readiness", Flow::paced),
                new Behaviour(
                        "answers a call beside a slow bidirectional one",
                        StreamBehaviours::besideSlowCall),
                new Behaviour("outlives 60 cancels beside a stream", StreamBehaviours::bystander),
                new Behaviour("takes data after a reset", StreamBehaviours::dataAfterReset),
                new Behaviour("finishes after the client's GOAWAY", StreamBehaviours::goAway),
                new Behaviour("refuses with trailers alone", StreamBehaviours::trailersOnly),
                new Behaviour(
                        "lets a client go on sending to a refused call",
                        StreamBehaviours::sendsToRefused),
                new Behaviour("sends no empty DATA frame", StreamBehaviours::noEmptyData),
                new Behaviour("holds 500 streams open", StreamBehaviours::manyStreams),
                new Behaviour("refuses a stream above the limit alone", StreamBehaviours::limit));
    }

    static ProbeRequest request(String behaviour) {
        return ProbeRequest.newBuilder().setBehaviour(behaviour).setPauseMs(5).build();
    }

    private static void deadline(Subject subject) throws Exception {
        withChannel(
                subject,
                channel -> {
                    long begin = System.nanoTime();
                    StatusRuntimeException failure =
                            Assertions.assertThrows(
                                    StatusRuntimeException.class,
                                    () ->
                                            ProbeGrpc.newBlockingStub(channel)
                                                    .withDeadlineAfter(200, TimeUnit.MILLISECONDS)
                                                    .unary(request("wait for cancellation")));

                    assertEquals(Code.DEADLINE_EXCEEDED, failure.getStatus().getCode());
                    assertTrue(System.nanoTime() - begin < 1_000_000_000L);
                });
    }

    /// The client that sets the deadline is a raw one: it does not cancel by itself.
    private static void deadlineCancels(Subject subject) throws Exception {
        try (RawHttp2 client = subject.http2()) {
            long begin = System.nanoTime();
            client.grpc(1, "Unary", "grpc-timeout", "200m")
                    .message(1, request("wait for cancellation"), true);

            Duration after =
                    subject.events.await("context cancelled", begin, Duration.ofSeconds(1));
            assertTrue(after.toMillis() >= 190, after.toString());
            Frame end = client.awaitEndOf(1);
            assertTrue(
                    end.type() == Frame.RST_STREAM || end.text().contains("grpc-status"),
                    client.describe());
        }
    }

    private static void cancel(Subject subject, String behaviour, String event) throws Exception {
        withChannel(
                subject,
                channel -> {
                    Answer answer = new Answer();
                    Context.CancellableContext context = Context.current().withCancellation();
                    context.run(
                            () ->
                                    ProbeGrpc.newStub(channel)
                                            .serverStream(request(behaviour), answer));
                    answer.awaitFirst();
                    long begin = System.nanoTime();
                    context.cancel(null);

                    subject.events.await(event, begin, SOON);
                });
    }

    private static void drop(Subject subject, String behaviour, String event) throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.grpc(1, "ServerStream").message(1, request(behaviour), true);
            client.await(Frame.DATA, 1);
            long begin = System.nanoTime();
            client.leave();

            subject.events.await(event, begin, SOON);
        }
    }

    private static void besideSlowCall(Subject subject) throws Exception {
        withChannel(
                subject,
                channel -> {
                    StreamObserver<ProbeRequest> slow =
                            ProbeGrpc.newStub(channel).bidi(new Answer());
                    ProbeRequest nap = ProbeRequest.newBuilder().setPauseMs(30).build();
                    for (int number = 0; number < 100; number++) {
                        slow.onNext(nap);
                    }
                    subject.events.await("received", System.nanoTime());
                    long begin = System.nanoTime();
                    Assertions.assertNotNull(
                            ProbeGrpc.newBlockingStub(channel)
                                    .withDeadlineAfter(2, TimeUnit.SECONDS)
                                    .unary(request("")));

                    assertTrue(System.nanoTime() - begin < SOON.toNanos());
                });
    }

    private static void bystander(Subject subject) throws Exception {
        try (RawHttp2 client = subject.http2()) {
            ProbeRequest steady = ProbeRequest.newBuilder().setCount(60).setPauseMs(10).build();
            client.grpc(1, "ServerStream").message(1, steady, true).await(Frame.DATA, 1);
            for (int stream = 3; stream < 123; stream += 2) {
                client.grpc(stream, "ServerStream")
                        .message(stream, request("emit until cancelled"), true)
                        .await(Frame.DATA, stream);
                client.reset(stream, CANCEL);
                if (stream > 3) {
                    client.reset(stream - 2, STREAM_CLOSED);
                }
            }

            assertTrue(client.awaitEndOf(1).type() == Frame.HEADERS, client.describe());
        }
    }

    private static void dataAfterReset(Subject subject) throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.grpc(1, "Bidi").message(1, request(""), false).await(Frame.DATA, 1);
            client.reset(1, CANCEL);
            client.message(1, request(""), true);
            client.grpc(3, "Unary").message(3, request(""), true);

            assertTrue(client.awaitEndOf(3).type() == Frame.HEADERS, client.describe());
        }
    }

    private static void goAway(Subject subject) throws Exception {
        try (RawHttp2 client = subject.http2()) {
            ProbeRequest steady = ProbeRequest.newBuilder().setCount(20).setPauseMs(10).build();
            client.grpc(1, "ServerStream").message(1, steady, true).await(Frame.DATA, 1);
            client.send(Frame.GOAWAY, 0, 0, new byte[8]);

            assertTrue(client.awaitEndOf(1).type() == Frame.HEADERS, client.describe());
        }
    }

    private static void trailersOnly(Subject subject) throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.grpc(1, "Nope").message(1, request(""), true);

            assertTrue(client.awaitEndOf(1).is(Frame.HEADERS, 1), client.describe());
            assertEquals(1, client.count(frame -> frame.is(Frame.HEADERS, 1)));
            assertEquals(0, client.count(frame -> frame.is(Frame.DATA, 1)));
        }
    }

    private static void sendsToRefused(Subject subject) throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.grpc(1, "Nope").message(1, request(""), false).awaitEndOf(1);
            for (int number = 0; number < 20; number++) {
                client.message(1, request(""), false);
            }
            client.message(1, request(""), true);
            client.grpc(3, "Unary").message(3, request(""), true);

            assertTrue(client.awaitEndOf(3).type() == Frame.HEADERS, client.describe());
        }
    }

    private static void noEmptyData(Subject subject) throws Exception {
        try (RawHttp2 client = subject.http2()) {
            ProbeRequest some = ProbeRequest.newBuilder().setCount(10).build();
            client.grpc(1, "ServerStream").message(1, some, true).awaitEndOf(1);

            assertEquals(
                    0, client.count(frame -> frame.is(Frame.DATA, 1) && frame.payload().isEmpty()));
        }
    }

    private static void manyStreams(Subject subject) throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.await(Frame.SETTINGS, 0);
            hold(client, Subject.STREAMS_MAX);

            for (int number = 0; number < Subject.STREAMS_MAX; number++) {
                client.await(Frame.DATA, number * 2 + 1);
            }
        }
    }

    private static void limit(Subject subject) throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.await(frame -> frame.type() == Frame.SETTINGS && frame.isAck());
            int last = Subject.STREAMS_MAX * 2 + 1;
            hold(client, Subject.STREAMS_MAX);
            client.await(Frame.DATA, last - 2);
            client.get(last, "/probe.v1.Probe/Unary").await(Frame.RST_STREAM, last);
            client.reset(1, CANCEL);
            subject.events.await("cancelled", System.nanoTime());
            client.grpc(last + 2, "Unary").message(last + 2, request(""), true);

            assertTrue(client.awaitEndOf(last + 2).type() == Frame.HEADERS, client.describe());
        }
    }

    private static void hold(RawHttp2 client, int streams) throws Exception {
        for (int number = 0; number < streams; number++) {
            int stream = number * 2 + 1;
            client.grpc(stream, "ServerStream").message(stream, request("hold"), true);
        }
    }

    /// Does something with a channel and closes it.
    interface OnChannel {
        void run(ManagedChannel channel) throws Exception;
    }

    static void withChannel(Subject subject, OnChannel what) throws Exception {
        ManagedChannel channel = subject.channel();
        try {
            what.run(channel);
        } finally {
            Subject.close(channel);
        }
    }
}
