package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.testing.HeldUpstream;
import dev.tandem.testing.HeldUpstream.Held;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.ChatServiceGrpc;
import dev.tandem.v1.ChatServiceGrpc.ChatServiceBlockingStub;
import dev.tandem.v1.RunEvent;
import dev.tandem.v1.WatchRunRequest;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A client that leaves does not stop a run that is kept, and stops any other; whichever way it
/// leaves.
@Timeout(60)
final class LeavingTest {
    private static final Duration SOON = Duration.ofSeconds(1);

    @TempDir Path folder;

    private Chats chats;

    @BeforeEach
    void start() {
        chats = new Chats(folder, Map.of());
    }

    @AfterEach
    void stop() {
        chats.close();
    }

    /// How a client goes.
    enum Way {
        SOCKET_CLOSED,
        SOCKET_CLOSED_WHOLE,
        STREAM_RESET,
        GRPC_CANCEL,
        GRPC_CANCEL_WHOLE,
        GRPC_DEADLINE
    }

    /// Asks, and leaves when the model has begun to answer. Returns when the server knows that the
    /// client has left, as far as a client can tell.
    private Held askAndLeave(Way way, String session) throws Exception {
        String fields = session.isEmpty() ? "" : "\"session_id\":\"" + session + "\",";
        return switch (way) {
            case SOCKET_CLOSED -> closeSocket(Chats.body(fields + "\"stream\":true,", "hello"));
            case SOCKET_CLOSED_WHOLE -> closeSocket(Chats.body(fields, "hello"));
            case STREAM_RESET -> resetStream(Chats.body(fields + "\"stream\":true,", "hello"));
            case GRPC_CANCEL ->
                    cancel(
                            stub ->
                                    stub.streamChatCompletion(in(session))
                                            .forEachRemaining(_ -> {}));
            case GRPC_CANCEL_WHOLE -> cancel(stub -> stub.createChatCompletion(in(session)));
            case GRPC_DEADLINE -> expire(session);
        };
    }

    private static ChatCompletionRequest in(String session) {
        ChatCompletionRequest.Builder request = Chats.question("hello");
        return session.isEmpty() ? request.build() : request.setSessionId(session).build();
    }

    private Held closeSocket(String body) throws Exception {
        try (Socket _ = chats.open(body)) {
            return chats.upstream.await();
        }
    }

    private Held resetStream(String body) throws Exception {
        OkHttpClient client =
                new OkHttpClient.Builder().protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)).build();
        try {
            Call call =
                    client.newCall(
                            new Request.Builder()
                                    .url(chats.server().uri("/v1/chat/completions").toString())
                                    .post(
                                            RequestBody.create(
                                                    body, MediaType.get("application/json")))
                                    .build());
            try (Response response = call.execute()) {
                Held held = chats.upstream.await();
                assertEquals(200, response.code());
                call.cancel();
                return held;
            }
        } finally {
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
    }

    private Held cancel(Consumer<ChatServiceBlockingStub> ask) throws Exception {
        CancellableContext context = Context.current().withCancellation();
        CompletableFuture<Status.Code> client = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(
                        context.wrap(
                                () -> {
                                    try {
                                        ask.accept(
                                                ChatServiceGrpc.newBlockingStub(
                                                        chats.server().grpc()));
                                        client.complete(Status.Code.OK);
                                    } catch (StatusRuntimeException gone) {
                                        client.complete(gone.getStatus().getCode());
                                    }
                                }));
        Held held = chats.upstream.await();
        context.cancel(null);
        assertEquals(Status.Code.CANCELLED, client.get(10, TimeUnit.SECONDS));
        return held;
    }

    private Held expire(String session) throws Exception {
        CompletableFuture<Status.Code> client =
                Chats.later(
                        () -> {
                            try {
                                ChatServiceGrpc.newBlockingStub(chats.server().grpc())
                                        .withDeadlineAfter(SOON.toMillis(), TimeUnit.MILLISECONDS)
                                        .streamChatCompletion(in(session))
                                        .forEachRemaining(_ -> {});
                                return Status.Code.OK;
                            } catch (StatusRuntimeException late) {
                                return late.getStatus().getCode();
                            }
                        });
        Held held = chats.upstream.await();
        assertEquals(Status.Code.DEADLINE_EXCEEDED, client.get(10, TimeUnit.SECONDS));
        return held;
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aSessionsRunGoesOnAndAnyOtherIsCancelled(Way way) throws Exception {
        String session = chats.session();
        Held kept = askAndLeave(way, session);
        // what was left later is known to have been left, so what was left earlier is too
        askAndLeave(way, "").awaitClose();

        kept.release();

        kept.awaitWritten();
        Chats.await("the answer is in the session", () -> chats.history(session).size() == 2);
        assertEquals(
                List.of("user hello", "assistant " + HeldUpstream.WHOLE), chats.history(session));
        assertEquals(
                "completed",
                chats.runs("?session_id=" + session).getFirst().path("state").asText());
    }

    @Test
    void aKeyedRunGoesOnToo() throws Exception {
        Held held;
        try (Socket _ =
                chats.open(Chats.body("\"stream\":true,", "hello"), "Idempotency-Key", "k")) {
            held = chats.upstream.await();
        }
        askAndLeave(Way.SOCKET_CLOSED, "").awaitClose();

        held.release();

        String answer = chats.post(Chats.body("", "hello"), "Idempotency-Key", "k").body();
        assertTrue(answer.contains(HeldUpstream.WHOLE), answer);
        assertEquals(2, chats.upstream.asked());
    }

    @Test
    void aBackgroundStreamGoesOnToo() throws Exception {
        chats.close();
        chats = new Chats(folder, Map.of("runs.detached-max", "50ms"));
        Held held = closeSocket(Chats.body("\"stream\":true,\"background\":true,", "hello"));
        String run = chats.runs("").getFirst().path("id").asText();
        // one that is limited is cancelled, one that is in the background is not
        askAndLeave(Way.SOCKET_CLOSED, chats.session()).awaitClose();

        held.release();

        Chats.await("it completes", () -> chats.state(run).equals("completed"));
    }

    @Test
    void afterAWhileWithoutAReaderItIsCancelled() throws Exception {
        chats.close();
        chats = new Chats(folder, Map.of("runs.detached-max", SOON.toMillis() + "ms"));
        String session = chats.session();

        long left = System.nanoTime();
        Held held = askAndLeave(Way.SOCKET_CLOSED, session);
        held.awaitClose();

        Duration took = Duration.ofNanos(System.nanoTime() - left);
        assertTrue(took.compareTo(SOON) >= 0, took::toString);
        Chats.await(
                "it is cancelled",
                () ->
                        chats.runs("?session_id=" + session)
                                .getFirst()
                                .path("state")
                                .asText()
                                .equals("cancelled"));
        assertEquals(List.of("user hello", "assistant one"), chats.history(session));
    }

    @Test
    void aReaderWhoComesBackInTimePreventsThat() throws Exception {
        chats.close();
        chats = new Chats(folder, Map.of("runs.detached-max", SOON.toMillis() + "ms"));
        String session = chats.session();
        Held held = askAndLeave(Way.SOCKET_CLOSED, session);
        String run = chats.runs("?session_id=" + session).getFirst().path("id").asText();

        Iterator<RunEvent> back =
                chats.grpc().watchRun(WatchRunRequest.newBuilder().setRunId(run).build());
        assertTrue(back.next().hasResumed());
        // a second one is left after it came back, and its time runs out
        askAndLeave(Way.SOCKET_CLOSED, chats.session()).awaitClose();
        held.release();

        StringBuilder text = new StringBuilder();
        back.forEachRemaining(event -> text.append(event.getText().getText()));
        assertEquals(HeldUpstream.WHOLE, text.toString());
        assertEquals("completed", chats.state(run));
    }
}
