package dev.tandem.edge.listener;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import dev.tandem.edge.listener.probe.ProbeGrpc;
import dev.tandem.edge.listener.probe.ProbeRequest;
import dev.tandem.edge.listener.probe.ProbeResponse;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A service that behaves as each request asks it to.
final class ProbeService extends ProbeGrpc.ProbeImplBase {

    static final String UTF8_MESSAGE = "ünïcödé 100% \n newline 漢字";

    static final Metadata.Key<String> EXTRA =
            Metadata.Key.of("x-extra", Metadata.ASCII_STRING_MARSHALLER);
    static final Metadata.Key<byte[]> EXTRA_BINARY =
            Metadata.Key.of("x-extra-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private final Events events;
    private final AtomicInteger sent = new AtomicInteger();

    ProbeService(Events events) {
        this.events = events;
    }

    /// Messages handed to the transport by the last stream that counts them.
    int sent() {
        return sent.get();
    }

    static ProbeResponse message(String text, long number, int size) {
        return ProbeResponse.newBuilder()
                .setText(text)
                .setNumber(number)
                .setPayload(ByteString.copyFrom(new byte[size]))
                .build();
    }

    @Override
    public void unary(ProbeRequest request, StreamObserver<ProbeResponse> response) {
        switch (request.getBehaviour()) {
            case "fail" -> response.onError(failure("pre", trailers()));
            case "fail with details" -> response.onError(detailed());
            case "fail in unicode" ->
                    response.onError(
                            Status.INTERNAL.withDescription(UTF8_MESSAGE).asRuntimeException());
            case "throw status" -> throw failure("thrown", new Metadata());
            case "throw exception" -> throw new IllegalStateException("boom");
            case "throw error" -> throw new AssertionError("boom");
            case "answer later" -> Thread.startVirtualThread(() -> answer(request, response));
            case "answer twice" -> {
                response.onNext(message("first", 0, 0));
                response.onNext(message("second", 1, 0));
                response.onCompleted();
            }
            case "sleep" -> {
                sleep(request.getPauseMs());
                events.add("slept");
                answer(request, response);
            }
            case "wait for cancellation" -> awaitCancellation();
            case "tell deadline" -> {
                Deadline deadline = Context.current().getDeadline();
                long left = deadline == null ? -1 : deadline.timeRemaining(TimeUnit.MILLISECONDS);
                response.onNext(message("", left, 0));
                response.onCompleted();
            }
            case "tell request id" -> {
                response.onNext(message(String.valueOf(EchoInterceptor.ID.get()), 0, 0));
                response.onCompleted();
            }
            case "compress" -> {
                ((ServerCallStreamObserver<ProbeResponse>) response).setCompression("gzip");
                answer(request, response);
            }
            default -> answer(request, response);
        }
    }

    private static void answer(ProbeRequest request, StreamObserver<ProbeResponse> response) {
        String text = request.getText();
        response.onNext(message(text.length() > 100 ? "" : text, text.length(), request.getSize()));
        response.onCompleted();
    }

    private static StatusRuntimeException failure(String description, Metadata trailers) {
        return Status.FAILED_PRECONDITION.withDescription(description).asRuntimeException(trailers);
    }

    private static Metadata trailers() {
        Metadata trailers = new Metadata();
        trailers.put(EXTRA, "more");
        trailers.put(EXTRA_BINARY, new byte[] {1, 2, 3, (byte) 0xff});
        return trailers;
    }

    private static StatusRuntimeException detailed() {
        BadRequest.FieldViolation violation =
                BadRequest.FieldViolation.newBuilder().setField("text").build();
        return StatusProto.toStatusRuntimeException(
                com.google.rpc.Status.newBuilder()
                        .setCode(Code.INVALID_ARGUMENT_VALUE)
                        .setMessage("bad field")
                        .addDetails(
                                Any.pack(
                                        BadRequest.newBuilder()
                                                .addFieldViolations(violation)
                                                .build()))
                        .build());
    }

    private void awaitCancellation() {
        events.add("waiting");
        Context.current().addListener(context -> events.add("context cancelled"), Runnable::run);
    }

    @Override
    public void serverStream(ProbeRequest request, StreamObserver<ProbeResponse> response) {
        ServerCallStreamObserver<ProbeResponse> call =
                (ServerCallStreamObserver<ProbeResponse>) response;
        switch (request.getBehaviour()) {
            case "hold" -> {
                call.setOnCancelHandler(() -> events.add("cancelled"));
                call.onNext(message("open", 0, 0));
            }
            case "emit until cancelled" -> {
                call.setOnCancelHandler(() -> events.add("cancelled"));
                Thread.startVirtualThread(() -> emitUntilCancelled(request, call));
            }
            case "block" -> {
                awaitCancellation();
                call.onNext(message("open", 0, 0));
                blockUntilCancelled(call);
            }
            case "emit when ready" -> emitWhenReady(request, call);
            case "fail midway" -> {
                call.onNext(message("first", 0, 0));
                call.onError(failure("midway", new Metadata()));
            }
            case "throw midway" -> {
                call.onNext(message("first", 0, 0));
                throw failure("midway", new Metadata());
            }
            default -> {
                for (int number = 0; number < request.getCount(); number++) {
                    sleep(request.getPauseMs());
                    call.onNext(message("", number, request.getSize()));
                }
                call.onCompleted();
                events.add("completed");
            }
        }
    }

    private void emitUntilCancelled(
            ProbeRequest request, ServerCallStreamObserver<ProbeResponse> call) {
        for (int number = 0; !call.isCancelled(); number++) {
            call.onNext(message("", number, request.getSize()));
            sleep(Math.max(1, request.getPauseMs()));
        }
        events.add("saw cancellation");
    }

    private void blockUntilCancelled(ServerCallStreamObserver<ProbeResponse> call) {
        while (!call.isCancelled()) {
            sleep(1);
        }
        events.add("saw cancellation");
    }

    /// Writes as grpc-java asks a service to: as long as the transport is ready, and then again
    /// when it says so.
    private void emitWhenReady(ProbeRequest request, ServerCallStreamObserver<ProbeResponse> call) {
        sent.set(0);
        call.setOnCancelHandler(() -> events.add("cancelled"));
        call.setOnReadyHandler(
                () -> {
                    events.add("ready");
                    while (call.isReady() && sent.get() < request.getCount()) {
                        call.onNext(message("", sent.getAndIncrement(), request.getSize()));
                    }
                    if (sent.get() == request.getCount()) {
                        sent.incrementAndGet();
                        call.onCompleted();
                    }
                });
    }

    @Override
    public StreamObserver<ProbeRequest> clientStream(StreamObserver<ProbeResponse> response) {
        return new StreamObserver<>() {
            private int count;

            @Override
            public void onNext(ProbeRequest request) {
                count++;
            }

            @Override
            public void onError(Throwable failure) {
                events.add("request failed");
            }

            @Override
            public void onCompleted() {
                response.onNext(message("", count, 0));
                response.onCompleted();
            }
        };
    }

    @Override
    public StreamObserver<ProbeRequest> bidi(StreamObserver<ProbeResponse> response) {
        ServerCallStreamObserver<ProbeResponse> call =
                (ServerCallStreamObserver<ProbeResponse>) response;
        call.setOnCancelHandler(() -> events.add("cancelled"));
        return new EchoEach(call, events, "one by one".equals(EchoInterceptor.ID.get()));
    }

    static void sleep(int millis) {
        try {
            if (millis > 0) {
                Thread.sleep(millis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
