package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.edge.listener.probe.ProbeGrpc;
import dev.tandem.edge.listener.probe.ProbeRequest;
import dev.tandem.edge.listener.probe.ProbeResponse;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// grpc-java.
final class GrpcJavaColumn {

    private final Subject subject;
    private final ManagedChannel channel;
    private final ProbeGrpc.ProbeBlockingStub probe;

    private GrpcJavaColumn(Subject subject) {
        this.subject = subject;
        this.channel = subject.channel();
        this.probe = ProbeGrpc.newBlockingStub(channel);
    }

    static Map<String, String> fill(Subject subject) throws Exception {
        GrpcJavaColumn column = new GrpcJavaColumn(subject);
        try {
            return JavaRows.filled(column.rows());
        } finally {
            Subject.close(column.channel);
        }
    }

    private Map<String, JavaRows.Check> rows() {
        Map<String, JavaRows.Check> rows = new LinkedHashMap<>();
        rows.put("unary", this::unary);
        rows.put("server streaming", () -> assertEquals(5, count(emit(5, 0))));
        rows.put("bidirectional streaming", this::bidirectional);
        rows.put("thrown handler", () -> assertFails(Code.UNKNOWN, behave("throw exception")));
        rows.put("each status code", this::eachCode);
        rows.put("UTF-8 status text", this::unicode);
        rows.put("error details", this::details);
        rows.put("deadline", this::deadline);
        rows.put("cancel of a silent stream", () -> cancel("hold"));
        rows.put("cancel of an emitting stream", () -> cancel("emit until cancelled"));
        rows.put("120 cancels beside a live stream", this::manyCancels);
        rows.put("pings on a quiet stream", this::quiet);
        rows.put("messages of 1.9, 2.1, 4.1 and 15 MB", this::large);
        rows.put(
                "a message above the limit",
                () -> assertFails(Code.RESOURCE_EXHAUSTED, text(17_000_000)));
        rows.put("compressed requests", this::compressed);
        rows.put("unknown service", () -> unknown("nope.Nope/Nope"));
        rows.put("unknown method", () -> unknown("probe.v1.Probe/Nope"));
        rows.put("5,000 open streams", this::openStreams);
        rows.put("a reader that stops and goes on", this::stopsAndGoesOn);
        rows.put("drain with a stream in flight", this::drain);
        return rows;
    }

    private static ProbeRequest behave(String behaviour) {
        return ProbeRequest.newBuilder().setBehaviour(behaviour).build();
    }

    private static ProbeRequest text(int length) {
        return ProbeRequest.newBuilder().setText("y".repeat(length)).build();
    }

    private static ProbeRequest emit(int count, int pauseMs) {
        return ProbeRequest.newBuilder().setCount(count).setPauseMs(pauseMs).build();
    }

    private void unary() {
        ProbeRequest request = ProbeRequest.newBuilder().setText("hi").build();
        assertEquals("hi", probe.unary(request).getText());
    }

    private int count(ProbeRequest request) {
        int count = 0;
        for (Iterator<ProbeResponse> all = probe.serverStream(request); all.hasNext(); count++) {
            assertEquals(count, all.next().getNumber());
        }
        return count;
    }

    private void bidirectional() throws Exception {
        Answer answer = new Answer();
        StreamObserver<ProbeRequest> request = ProbeGrpc.newStub(channel).bidi(answer);
        request.onNext(text(1));
        request.onNext(text(2));
        request.onCompleted();

        assertEquals(Code.OK, answer.awaitEnd().getCode());
        assertEquals("yy", answer.messages().getLast().getText());
    }

    private StatusRuntimeException assertFails(Code code, ProbeRequest request) {
        StatusRuntimeException failure =
                assertThrows(StatusRuntimeException.class, () -> probe.unary(request));
        assertEquals(code, failure.getStatus().getCode());
        return failure;
    }

    private void eachCode() {
        for (Code code : Code.values()) {
            if (code != Code.OK) {
                assertFails(code, behave("fail as").toBuilder().setCount(code.value()).build());
            }
        }
    }

    private void unicode() {
        StatusRuntimeException failure = assertFails(Code.INTERNAL, behave("fail in unicode"));
        assertEquals(ProbeService.UTF8_MESSAGE, failure.getStatus().getDescription());
    }

    private void details() {
        com.google.rpc.Status status =
                StatusProto.fromThrowable(
                        assertFails(Code.INVALID_ARGUMENT, behave("fail with details")));
        assertNotNull(status);
        assertEquals(1, status.getDetailsCount());
    }

    private void deadline() {
        StatusRuntimeException failure =
                assertThrows(
                        StatusRuntimeException.class,
                        () ->
                                probe.withDeadlineAfter(200, TimeUnit.MILLISECONDS)
                                        .unary(behave("wait for cancellation")));
        assertEquals(Code.DEADLINE_EXCEEDED, failure.getStatus().getCode());
    }

    private void cancel(String behaviour) {
        Context.CancellableContext context = Context.current().withCancellation();
        context.run(() -> probe.serverStream(behave(behaviour)).next());
        context.cancel(null);
        unary();
    }

    private void manyCancels() throws Exception {
        Answer live = new Answer();
        ProbeGrpc.newStub(channel).serverStream(emit(60, 10), live);
        for (int round = 0; round < 120; round++) {
            cancel("emit until cancelled");
        }

        assertEquals(Code.OK, live.awaitEnd().getCode());
        assertEquals(60, live.messages().size());
    }

    /// grpc-java pings no more often than every 10 s; that the stream outlives the idle limit is
    /// what can be seen here.
    private void quiet() throws Exception {
        ManagedChannel pinging =
                NettyChannelBuilder.forAddress("127.0.0.1", subject.port)
                        .usePlaintext()
                        .keepAliveTime(10, TimeUnit.SECONDS)
                        .build();
        Answer answer = new Answer();
        ProbeGrpc.newStub(pinging).serverStream(behave("hold"), answer);
        answer.awaitFirst();
        LockSupport.parkNanos(TestSettings.IDLE.multipliedBy(2).toNanos());

        assertEquals(false, answer.hasEnded());
        Subject.close(pinging);
    }

    private void large() {
        for (int size : List.of(1_900_000, 2_100_000, 4_100_000, 15_000_000)) {
            ProbeResponse answer = probe.unary(text(size).toBuilder().setSize(size).build());
            assertEquals(size, answer.getPayload().size());
        }
    }

    private void compressed() {
        assertEquals(50_000, probe.withCompression("gzip").unary(text(50_000)).getNumber());
    }

    private void unknown(String method) {
        StatusRuntimeException failure =
                assertThrows(
                        StatusRuntimeException.class,
                        () ->
                                ClientCalls.blockingUnaryCall(
                                        channel,
                                        ProbeGrpc.getUnaryMethod().toBuilder()
                                                .setFullMethodName(method)
                                                .build(),
                                        CallOptions.DEFAULT,
                                        text(1)));
        assertEquals(Code.UNIMPLEMENTED, failure.getStatus().getCode());
    }

    private void openStreams() throws Exception {
        ManagedChannel own = subject.channel();
        List<Answer> answers = new ArrayList<>();
        for (int number = 0; number < 5_000; number++) {
            Answer answer = new Answer();
            ProbeGrpc.newStub(own).serverStream(behave("hold"), answer);
            answers.add(answer);
        }
        for (Answer answer : answers) {
            answer.awaitFirst();
            assertEquals(1, answer.messages().size());
        }
        Subject.close(own);
    }

    private void stopsAndGoesOn() {
        ProbeRequest request =
                behave("emit when ready").toBuilder().setCount(2_000).setSize(1_000).build();
        Iterator<ProbeResponse> all = probe.serverStream(request);
        int count = 0;
        for (; all.hasNext(); count++) {
            assertEquals(count, all.next().getNumber());
            LockSupport.parkNanos(count == 10 ? 1_000_000_000 : 0);
        }
        assertEquals(2_000, count);
    }

    private void drain() throws Exception {
        Answer answer = new Answer();
        ProbeGrpc.newStub(channel).serverStream(emit(30, 30), answer);
        answer.awaitFirst();
        subject.drain(Duration.ofSeconds(5));

        assertEquals(Code.OK, answer.awaitEnd().getCode());
        assertEquals(30, answer.messages().size());
    }
}
