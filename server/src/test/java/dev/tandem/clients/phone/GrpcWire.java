package dev.tandem.clients.phone;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import dev.tandem.v1.ChatServiceGrpc;
import dev.tandem.v1.ResumeVerdict;
import dev.tandem.v1.RunEvent;
import dev.tandem.v1.RunResumed;
import dev.tandem.v1.RunState;
import dev.tandem.v1.WatchRunRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Follows a run over gRPC, for as long as one connection lasts.
final class GrpcWire {
    private static final Set<RunState> ENDS =
            Set.of(
                    RunState.RUN_STATE_COMPLETED,
                    RunState.RUN_STATE_FAILED,
                    RunState.RUN_STATE_CANCELLED,
                    RunState.RUN_STATE_INTERRUPTED);

    private final int port;
    private final Optional<String> key;
    private final Duration silenceMax;

    /// What the library says of a call.
    private sealed interface News {
        record Event(RunEvent event) implements News {}

        record Over(Optional<Throwable> problem) implements News {}
    }

    /// @param key what opens the server
    /// @param silenceMax the silence after which a connection is given up
    GrpcWire(int port, Optional<String> key, Duration silenceMax) {
        this.port = port;
        this.key = key;
        this.silenceMax = silenceMax;
    }

    /// Reads until the run has ended.
    ///
    /// @throws IOException where the connection ends before
    void read(Position position, Optional<Question> question)
            throws IOException, Refused, InterruptedException {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port)
                        .usePlaintext()
                        .directExecutor()
                        .build();
        try {
            BlockingQueue<News> news = new LinkedBlockingQueue<>();
            call(ChatServiceGrpc.newStub(channel), position, question, news);
            boolean atItsEnd = false;
            while (!position.hasEnded()) {
                switch (news.poll(silenceMax.toMillis(), TimeUnit.MILLISECONDS)) {
                    case null -> throw new SocketTimeoutException("silence for " + silenceMax);
                    case News.Event(RunEvent event) -> atItsEnd |= event(event, position);
                    case News.Over(Optional<Throwable> problem) -> {
                        if (problem.isPresent() || !atItsEnd) {
                            throw cut(problem);
                        }
                        position.end();
                    }
                }
            }
        } finally {
            channel.shutdownNow();
        }
    }

    private void call(
            ChatServiceGrpc.ChatServiceStub plain,
            Position position,
            Optional<Question> question,
            BlockingQueue<News> news) {
        ChatServiceGrpc.ChatServiceStub stub =
                key.map(
                                secret ->
                                        plain.withInterceptors(
                                                MetadataUtils.newAttachHeadersInterceptor(
                                                        bearing(secret))))
                        .orElse(plain);
        if (position.runId().isEmpty() && question.isPresent()) {
            stub.streamChatCompletion(question.get().message(), observer(news));
            return;
        }
        WatchRunRequest.Builder run = WatchRunRequest.newBuilder();
        position.runId().ifPresent(run::setRunId);
        position.cursor().ifPresent(run::setAfter);
        stub.watchRun(run.build(), observer(news));
    }

    private static Metadata bearing(String secret) {
        Metadata headers = new Metadata();
        headers.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + secret);
        return headers;
    }

    private static StreamObserver<RunEvent> observer(BlockingQueue<News> news) {
        return new StreamObserver<>() {
            @Override
            public void onNext(RunEvent event) {
                news.add(new News.Event(event));
            }

            @Override
            public void onError(Throwable problem) {
                news.add(new News.Over(Optional.of(problem)));
            }

            @Override
            public void onCompleted() {
                news.add(new News.Over(Optional.empty()));
            }
        };
    }

    /// @return whether the run had ended when the reading was continued
    private static boolean event(RunEvent event, Position position) {
        position.runIs(event.getRunId());
        if (event.hasResumed() || event.hasHeartbeat()) {
            if (event.hasCursor()) {
                throw new AssertionError("a sign of life or a verdict has a cursor: " + event);
            }
            if (event.hasHeartbeat()) {
                position.signOfLife();
                return false;
            }
            return verdict(event.getResumed(), position);
        }
        position.joined().event(event);
        if (event.hasCursor()) {
            position.standAt(event.getCursor());
            if (!event.hasStarted() && !event.hasQueued()) {
                position.joined().seen(event.getCursor());
            }
        }
        if (event.hasCompleted()
                || event.hasFailed()
                || event.hasCancelled()
                || event.hasInterrupted()) {
            position.end();
        }
        return false;
    }

    private static boolean verdict(RunResumed resumed, Position position) {
        boolean gap = resumed.getVerdict() != ResumeVerdict.RESUME_VERDICT_OK;
        position.verdict(gap);
        if (gap) {
            position.joined().replace(resumed.getSnapshot());
        }
        return ENDS.contains(resumed.getState());
    }

    /// An error with details was said by the server; one without was made by the connection.
    private static IOException cut(Optional<Throwable> problem) throws IOException, Refused {
        if (problem.isEmpty()) {
            return new EOFException("the stream has ended without an end");
        }
        com.google.rpc.Status status = StatusProto.fromThrowable(problem.get());
        if (status != null) {
            for (Any detail : status.getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    throw refused(status, detail.unpack(ErrorInfo.class));
                }
            }
        }
        return new IOException(problem.get());
    }

    private static Refused refused(com.google.rpc.Status status, ErrorInfo info) {
        boolean later =
                status.getCode() == Status.Code.UNAVAILABLE.value()
                        || status.getCode() == Status.Code.RESOURCE_EXHAUSTED.value();
        return new Refused(
                info.getReason(),
                info.getMetadataOrDefault("param", ""),
                status.getMessage(),
                later);
    }
}
