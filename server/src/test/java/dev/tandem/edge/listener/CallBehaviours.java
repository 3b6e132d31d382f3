package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.BadRequest;
import dev.tandem.edge.listener.probe.ProbeGrpc;
import dev.tandem.edge.listener.probe.ProbeGrpc.ProbeBlockingStub;
import dev.tandem.edge.listener.probe.ProbeGrpc.ProbeStub;
import dev.tandem.edge.listener.probe.ProbeRequest;
import dev.tandem.edge.listener.probe.ProbeResponse;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// What single calls have to do, seen through grpc-java's client.
final class CallBehaviours {

    private CallBehaviours() {}

    /// A check of calls on one channel.
    private interface Calls {
        void run(Client client) throws Exception;
    }

    /// @param channel the channel itself
    /// @param blocking a stub that gives up after two seconds
    /// @param async a stub for streams that gives up after five
    private record Client(ManagedChannel channel, ProbeBlockingStub blocking, ProbeStub async) {}

    static List<Behaviour> all() {
        return List.of(
                calls("answers a unary call", CallBehaviours::unary),
                calls("delivers every message of a stream", CallBehaviours::serverStream),
                calls("takes every message of a stream", c -> clientStream(c, 3)),
                calls("takes a stream without a message", c -> clientStream(c, 0)),
                calls("answers each message of a bidirectional call", CallBehaviours::bidi),
                calls("answers 2,000 messages sent at once", CallBehaviours::burst),
                calls("lets a service ask for messages one by one", CallBehaviours::oneByOne),
                calls("fails with status and trailers", CallBehaviours::failure),
                calls("fails with details", CallBehaviours::details),
                calls("fails with a message in any script", CallBehaviours::unicode),
                calls("serves on after a message in any script", CallBehaviours::afterUnicode),
                calls("turns a thrown status into UNKNOWN", c -> thrown(c, "throw status")),
                calls("turns an exception into UNKNOWN", c -> thrown(c, "throw exception")),
                calls("turns an error into UNKNOWN", c -> thrown(c, "throw error")),
                calls("answers from another thread", c -> unaryText(c, "answer later")),
                calls("refuses a second answer to a unary call", CallBehaviours::twice),
                calls("fails midway", c -> midway(c, "fail midway", Code.FAILED_PRECONDITION)),
                calls("throws midway", c -> midway(c, "throw midway", Code.UNKNOWN)),
                calls("throws in a bidirectional call", CallBehaviours::bidiThrows),
                calls("tells the service its deadline", CallBehaviours::deadline),
                calls("carries metadata both ways", CallBehaviours::metadata),
                calls("carries several binary values", CallBehaviours::binaryValues),
                calls("does not know a method", c -> unknown(c, "probe.v1.Probe/Nope")),
                calls("does not know a service", c -> unknown(c, "nope.Nope/Nope")),
                calls("unpacks a compressed request", CallBehaviours::gzip),
                calls("unpacks a stream of compressed requests", CallBehaviours::gzipStream),
                calls("answers to a client that takes gzip", c -> payload(c, "compress", 10_000)),
                calls("answers with 10 MB", c -> payload(c, "", 10 << 20)),
                calls("takes a request of 6 MB", CallBehaviours::largeRequest),
                calls("refuses a request above the limit", CallBehaviours::tooLarge),
                calls("refuses a request that unpacks above the limit", CallBehaviours::bomb));
    }

    private static Behaviour calls(String name, Calls calls) {
        return new Behaviour(
                name,
                subject -> {
                    ManagedChannel channel = subject.channel();
                    try {
                        calls.run(
                                new Client(
                                        channel,
                                        ProbeGrpc.newBlockingStub(channel)
                                                .withDeadlineAfter(2, TimeUnit.SECONDS),
                                        ProbeGrpc.newStub(channel)
                                                .withDeadlineAfter(5, TimeUnit.SECONDS)));
                    } finally {
                        Subject.close(channel);
                    }
                });
    }

    private static ProbeRequest request(String behaviour) {
        return ProbeRequest.newBuilder().setBehaviour(behaviour).setText("hi").build();
    }

    private static void unary(Client client) {
        unaryText(client, "");
    }

    private static void unaryText(Client client, String behaviour) {
        assertEquals("hi", client.blocking().unary(request(behaviour)).getText());
    }

    private static void serverStream(Client client) {
        Iterator<ProbeResponse> answer =
                client.blocking().serverStream(ProbeRequest.newBuilder().setCount(5).build());

        for (int number = 0; number < 5; number++) {
            assertEquals(number, answer.next().getNumber());
        }
        assertTrue(!answer.hasNext());
    }

    private static void clientStream(Client client, int count) throws Exception {
        Answer answer = new Answer();
        StreamObserver<ProbeRequest> request = client.async().clientStream(answer);
        for (int number = 0; number < count; number++) {
            request.onNext(request(""));
        }
        request.onCompleted();

        assertEquals(Code.OK, answer.awaitEnd().getCode());
        assertEquals(count, answer.messages().getFirst().getNumber());
    }

    private static void bidi(Client client) throws Exception {
        echo(client.async(), 3);
    }

    private static void burst(Client client) throws Exception {
        echo(client.async(), 2_000);
    }

    private static void oneByOne(Client client) throws Exception {
        Metadata head = new Metadata();
        head.put(EchoInterceptor.REQUEST_ID, "one by one");
        echo(client.async().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(head)), 50);
    }

    private static void echo(ProbeStub stub, int count) throws Exception {
        Answer answer = new Answer();
        StreamObserver<ProbeRequest> request = stub.bidi(answer);
        for (int number = 0; number < count; number++) {
            request.onNext(request(""));
        }
        request.onCompleted();

        assertEquals(Code.OK, answer.awaitEnd().getCode());
        assertEquals(count, answer.messages().size());
    }

    private static void failure(Client client) {
        StatusRuntimeException failure = failureOf(client, request("fail"));

        assertEquals(Code.FAILED_PRECONDITION, failure.getStatus().getCode());
        assertEquals("pre", failure.getStatus().getDescription());
        Metadata trailers = failure.getTrailers();
        assertNotNull(trailers);
        assertEquals(
                "more", trailers.get(Metadata.Key.of("x-extra", Metadata.ASCII_STRING_MARSHALLER)));
        assertArrayEquals(
                new byte[] {1, 2, 3, (byte) 0xff},
                trailers.get(Metadata.Key.of("x-extra-bin", Metadata.BINARY_BYTE_MARSHALLER)));
    }

    private static void details(Client client) throws Exception {
        StatusRuntimeException failure = failureOf(client, request("fail with details"));

        com.google.rpc.Status status = StatusProto.fromThrowable(failure);
        assertNotNull(status);
        BadRequest detail = status.getDetails(0).unpack(BadRequest.class);
        assertEquals("text", detail.getFieldViolations(0).getField());
    }

    private static void unicode(Client client) {
        StatusRuntimeException failure = failureOf(client, request("fail in unicode"));

        assertEquals(Code.INTERNAL, failure.getStatus().getCode());
        assertEquals(ProbeService.UTF8_MESSAGE, failure.getStatus().getDescription());
    }

    private static void afterUnicode(Client client) {
        ProbeBlockingStub brief =
                ProbeGrpc.newBlockingStub(client.channel())
                        .withDeadlineAfter(500, TimeUnit.MILLISECONDS);
        assertThrows(StatusRuntimeException.class, () -> brief.unary(request("fail in unicode")));

        unary(client);
    }

    private static void thrown(Client client, String behaviour) {
        assertEquals(Code.UNKNOWN, failureOf(client, request(behaviour)).getStatus().getCode());
    }

    private static void twice(Client client) {
        Code code = failureOf(client, request("answer twice")).getStatus().getCode();

        assertTrue(code == Code.INTERNAL || code == Code.CANCELLED, code.name());
    }

    private static void midway(Client client, String behaviour, Code code) throws Exception {
        Answer answer = new Answer();
        client.async().serverStream(request(behaviour), answer);

        assertEquals(code, answer.awaitEnd().getCode());
        assertEquals(1, answer.messages().size());
    }

    private static void bidiThrows(Client client) throws Exception {
        Answer answer = new Answer();
        client.async().bidi(answer).onNext(request("throw"));

        assertEquals(Code.UNKNOWN, answer.awaitEnd().getCode());
    }

    private static void deadline(Client client) {
        long leftMs = client.blocking().unary(request("tell deadline")).getNumber();

        assertTrue(leftMs > 0 && leftMs <= 2_000, "left: " + leftMs);
    }

    private static void metadata(Client client) {
        Metadata head = new Metadata();
        head.put(EchoInterceptor.REQUEST_ID, "id-1");
        head.put(EchoInterceptor.BLOB, new byte[] {0, 1, (byte) 200});
        AtomicReference<Metadata> answerHead = new AtomicReference<>();
        AtomicReference<Metadata> trailers = new AtomicReference<>();
        ProbeResponse answer =
                client.blocking()
                        .withInterceptors(
                                MetadataUtils.newAttachHeadersInterceptor(head),
                                MetadataUtils.newCaptureMetadataInterceptor(answerHead, trailers))
                        .unary(request("tell request id"));

        assertEquals("id-1", answer.getText());
        assertEquals("id-1", answerHead.get().get(EchoInterceptor.REQUEST_ID));
        assertArrayEquals(
                new byte[] {0, 1, (byte) 200}, answerHead.get().get(EchoInterceptor.BLOB));
        assertEquals("trailing id-1", trailers.get().get(EchoInterceptor.TRAILER));
    }

    private static void binaryValues(Client client) {
        Metadata head = new Metadata();
        head.put(EchoInterceptor.REQUEST_ID, "id-1");
        head.put(EchoInterceptor.BLOB, new byte[] {1});
        head.put(EchoInterceptor.BLOB, new byte[] {2});
        AtomicReference<Metadata> answerHead = new AtomicReference<>();
        ProbeResponse ignored =
                client.blocking()
                        .withInterceptors(
                                MetadataUtils.newAttachHeadersInterceptor(head),
                                MetadataUtils.newCaptureMetadataInterceptor(
                                        answerHead, new AtomicReference<>()))
                        .unary(request(""));

        Iterable<byte[]> blobs = answerHead.get().getAll(EchoInterceptor.BLOB);
        assertNotNull(blobs);
        Iterator<byte[]> values = blobs.iterator();
        assertArrayEquals(new byte[] {1}, values.next());
        assertArrayEquals(new byte[] {2}, values.next());
    }

    private static void unknown(Client client, String method) {
        StatusRuntimeException failure =
                assertThrows(
                        StatusRuntimeException.class,
                        () ->
                                ClientCalls.blockingUnaryCall(
                                        client.channel(),
                                        ProbeGrpc.getUnaryMethod().toBuilder()
                                                .setFullMethodName(method)
                                                .build(),
                                        CallOptions.DEFAULT.withDeadlineAfter(2, TimeUnit.SECONDS),
                                        request("")));

        assertEquals(Code.UNIMPLEMENTED, failure.getStatus().getCode());
    }

    private static void gzip(Client client) {
        ProbeResponse answer = client.blocking().withCompression("gzip").unary(ofLength(50_000));

        assertEquals(50_000, answer.getNumber());
    }

    private static void gzipStream(Client client) throws Exception {
        Answer answer = new Answer();
        StreamObserver<ProbeRequest> request =
                client.async().withCompression("gzip").clientStream(answer);
        for (int number = 0; number < 3; number++) {
            request.onNext(ofLength(300));
        }
        request.onCompleted();

        assertEquals(Code.OK, answer.awaitEnd().getCode());
        assertEquals(3, answer.messages().getFirst().getNumber());
    }

    private static void payload(Client client, String behaviour, int size) {
        ProbeResponse answer =
                client.blocking()
                        .unary(
                                ProbeRequest.newBuilder()
                                        .setBehaviour(behaviour)
                                        .setSize(size)
                                        .build());

        assertEquals(size, answer.getPayload().size());
    }

    private static void largeRequest(Client client) {
        assertEquals(6_000_000, client.blocking().unary(ofLength(6_000_000)).getNumber());
    }

    private static void tooLarge(Client client) {
        Status status = failureOf(client, ofLength(Subject.MESSAGE_BYTES_MAX)).getStatus();

        assertEquals(Code.RESOURCE_EXHAUSTED, status.getCode(), status.toString());
    }

    private static void bomb(Client client) {
        StatusRuntimeException failure =
                assertThrows(
                        StatusRuntimeException.class,
                        () ->
                                client.blocking()
                                        .withCompression("gzip")
                                        .unary(ofLength(Subject.MESSAGE_BYTES_MAX)));

        assertEquals(Code.RESOURCE_EXHAUSTED, failure.getStatus().getCode(), failure.toString());
    }

    private static ProbeRequest ofLength(int length) {
        return ProbeRequest.newBuilder().setText("y".repeat(length)).build();
    }

    private static StatusRuntimeException failureOf(Client client, ProbeRequest request) {
        return assertThrows(StatusRuntimeException.class, () -> client.blocking().unary(request));
    }
}
