package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.rpc.ErrorInfo;
import dev.tandem.testing.HeldUpstream.Held;
import dev.tandem.testing.HeldUpstream;
import dev.tandem.testing.StreamGrammar;
import dev.tandem.v1.CancelRunRequest;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.Run;
import dev.tandem.v1.RunEvent;
import dev.tandem.v1.RunState;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A session answers one question at a time; others are refused, or wait for their turn.
@Timeout(60)
final class QueueTest {
    @TempDir Path folder;

    private Chats chats;

    @BeforeEach
    void start() {
        chats = new Chats(folder, Map.of("runs.queue-max", "3", "runs.heartbeat", "50ms"));
    }

    @AfterEach
    void stop() {
        chats.close();
    }

    private static String in(String session, String more, String text) {
        return Chats.body("\"session_id\":\"" + session + "\"," + more, text);
    }

    private static ChatCompletionRequest.Builder queued(String session, String text) {
        return Chats.question(text).setSessionId(session).setQueue(true);
    }

    /// Asks in the background, and returns the run.
    private String ask(String session, String text) {
        return chats.grpc()
                .createChatCompletion(queued(session, text).setBackground(true).build())
                .getRunId();
    }

    private String state(String session, int place) {
        return chats.runs("?session_id=" + session).get(place).path("state").asText();
    }

    private Run cancel(String id) {
        return chats.grpc().cancelRun(CancelRunRequest.newBuilder().setRunId(id).build());
    }

    @Test
    void aSecondIsRefusedWithTheRunAtWork() throws Exception {
        String session = chats.session();
        String run = ask(session, "first");
        Held held = chats.upstream.await();

        HttpResponse<String> rest = chats.post(in(session, "", "second"));
        StatusRuntimeException grpc =
                assertThrows(
                        StatusRuntimeException.class,
                        () ->
                                chats.grpc()
                                        .createChatCompletion(
                                                queued(session, "second").setQueue(false).build()));

        JsonNode error = Chats.json(rest.body()).path("error");
        assertEquals(409, rest.statusCode());
        assertEquals("run_in_progress", error.path("code").asText());
        assertEquals(run, error.path("run_id").asText());
        assertEquals(Status.Code.ABORTED, grpc.getStatus().getCode());
        assertEquals(
                run,
                Objects.requireNonNull(StatusProto.fromThrowable(grpc))
                        .getDetails(0)
                        .unpack(ErrorInfo.class)
                        .getMetadataOrThrow("run_id"));
        held.release();
    }

    @Test
    void thoseThatWaitBeginInOrderAndKnowWhatWasSaidBefore() throws Exception {
        String session = chats.session();
        String first = ask(session, "first");
        Held one = chats.upstream.await();
        Iterator<RunEvent> second =
                chats.grpc().streamChatCompletion(queued(session, "second").build());
        RunEvent waits = second.next();
        CompletableFuture<HttpResponse<String>> third =
                Chats.later(
                        () -> chats.post(in(session, "\"queue\":true,\"stream\":true,", "third")));
        Chats.await("two wait", () -> chats.runs("?state=queued").size() == 2);

        assertTrue(waits.hasQueued(), waits::toString);
        assertEquals(1, waits.getQueued().getAhead());
        assertEquals("queued", chats.state(waits.getRunId()));
        assertEquals("running", chats.state(first));
        assertEquals(List.of("queued", "queued", "running"), states(session));
        assertEquals(
                "queued",
                Chats.json(
                                chats.server()
                                        .get("/v1/chat/completions/" + waits.getRunId() + "/status")
                                        .body())
                        .path("state")
                        .asText());
        assertEquals(1, chats.upstream.asked());
        long silence = System.nanoTime() + Duration.ofMillis(300).toNanos();
        while (System.nanoTime() < silence) {
            assertTrue(second.next().hasHeartbeat());
        }

        one.release();
        Held two = chats.upstream.await();
        assertEquals(List.of("first", "one two", "second"), asked(two));
        assertEquals("queued", state(session, 0));
        two.release();
        Held three = chats.upstream.await();
        assertEquals(List.of("first", "one two", "second", "one two", "third"), asked(three));
        three.release();

        StringBuilder text = new StringBuilder();
        second.forEachRemaining(event -> text.append(event.getText().getText()));
        assertEquals(HeldUpstream.WHOLE, text.toString());
        StreamGrammar.Said told = StreamGrammar.check(third.get().body());
        assertEquals(HeldUpstream.WHOLE, told.text());
        assertTrue(third.get().body().startsWith(": ping\n"), third.get().body());
        assertEquals(6, chats.history(session).size());
        assertEquals(List.of("completed", "completed", "completed"), states(session));
    }

    private List<String> states(String session) {
        return chats.runs("?session_id=" + session).stream()
                .map(run -> run.path("state").asText())
                .toList();
    }

    /// The texts of the messages that the model was asked with.
    private static List<String> asked(Held held) {
        List<String> texts = new ArrayList<>();
        for (JsonNode message : Chats.json(held.question()).path("messages")) {
            JsonNode content = message.path("content");
            texts.add(
                    content.isTextual() ? content.asText() : content.path(0).path("text").asText());
        }
        return texts;
    }

    @Test
    void oneThatWaitsCanBeCancelledAndTheOthersMoveUp() throws Exception {
        String session = chats.session();
        ask(session, "first");
        Held one = chats.upstream.await();
        CompletableFuture<List<RunEvent>> reading =
                Chats.later(() -> chats.stream(queued(session, "second").build()));
        Chats.await("it waits", () -> chats.runs("?state=queued").size() == 1);
        String second = chats.runs("?state=queued").getFirst().path("id").asText();
        String third = ask(session, "third");

        Run cancelled = cancel(second);

        assertEquals(RunState.RUN_STATE_CANCELLED, cancelled.getState());
        assertEquals(second, cancelled.getId());
        assertTrue(reading.get().getLast().hasCancelled(), reading.get()::toString);
        assertEquals("queued", chats.state(third));
        one.release();
        Held next = chats.upstream.await();
        assertEquals(List.of("first", "one two", "third"), asked(next));
        next.release();
        Chats.await("the end", () -> chats.state(third).equals("completed"));
        assertEquals(2, chats.upstream.asked());
        assertEquals(
                List.of("user first", "assistant one two", "user third", "assistant one two"),
                chats.history(session));
    }

    @Test
    void cancellingTheOneAtWorkLetsTheNextBegin() throws Exception {
        String session = chats.session();
        ask(session, "first");
        chats.upstream.await();
        String second = ask(session, "second");

        HttpResponse<String> stopped = chats.server().post("/v1/sessions/" + session + "/stop", "");

        assertEquals(200, stopped.statusCode(), stopped.body());
        JsonNode run = Chats.json(stopped.body());
        assertEquals("cancelled", run.path("state").asText());
        assertEquals("one", run.path("message").path("content").asText());
        assertTrue(run.path("usage").path("output_tokens").asInt() > 0, run::toString);
        assertTrue(run.path("usage").path("total_cost").asDouble() > 0, run::toString);
        Held next = chats.upstream.await();
        assertEquals(List.of("first", "one", "second"), asked(next));
        next.release();
        Chats.await("the end", () -> chats.state(second).equals("completed"));
    }

    @Test
    void everyWayToCancelTellsWhatWasUsed() throws Exception {
        for (String way : List.of("delete", "cancel", "completion", "session")) {
            String session = chats.session();
            String id = ask(session, "hello");
            Held held = chats.upstream.await();
            Chats.await(
                    "the first word",
                    () -> chats.run(id).path("message").path("content").asText().equals("one"));
            String completion = id.replace("run_", "chatcmpl-");
            HttpResponse<String> answer =
                    switch (way) {
                        case "delete" -> chats.server().delete("/v1/chat/completions/" + id);
                        case "cancel" -> chats.server().post("/v1/runs/" + id + ":cancel", "{}");
                        case "completion" ->
                                chats.server().delete("/v1/chat/completions/" + completion);
                        default -> chats.server().delete("/v1/chat/completions/" + session);
                    };

            held.awaitClose();
            JsonNode run = Chats.json(answer.body());
            assertEquals(200, answer.statusCode(), answer.body());
            assertEquals(id, run.path("id").asText(), way);
            assertEquals("cancelled", run.path("state").asText(), way);
            assertEquals(5, run.path("usage").path("input_tokens").asInt(), way);
            assertTrue(run.path("usage").path("output_tokens").asInt() > 0, way);
            assertTrue(run.path("usage").path("total_cost").asDouble() > 0, way);
            JsonNode again =
                    Chats.json(chats.server().post("/v1/runs/" + id + ":cancel", "{}").body());
            assertEquals(run, again, "cancelling it again changes nothing");
            assertEquals(List.of("user hello", "assistant one"), chats.history(session));
        }
    }

    @Test
    void moreThanTheLimitAreRefused() throws Exception {
        String session = chats.session();
        for (int number = 0; number < 4; number++) {
            ask(session, "number " + number);
        }

        HttpResponse<String> rest = chats.post(in(session, "\"queue\":true,", "too many"));

        assertEquals(503, rest.statusCode());
        assertEquals("overloaded", Chats.json(rest.body()).path("error").path("code").asText());
        for (int number = 0; number < 4; number++) {
            chats.upstream.await().release();
        }
        Chats.await("all are answered", () -> chats.history(session).size() == 8);
    }

    @Test
    void deletingTheSessionCancelsAllOfThem() throws Exception {
        String session = chats.session();
        List<String> runs = new ArrayList<>(List.of(ask(session, "first")));
        Held held = chats.upstream.await();
        runs.add(ask(session, "second"));
        CompletableFuture<List<RunEvent>> reading =
                Chats.later(() -> chats.stream(queued(session, "third").build()));
        Chats.await("two wait", () -> chats.runs("?state=queued").size() == 2);

        assertEquals(200, chats.server().delete("/v1/sessions/" + session).statusCode());

        held.awaitClose();
        assertTrue(reading.get().getLast().hasCancelled());
        for (String run : runs) {
            assertEquals("cancelled", chats.state(run));
            assertFalse(chats.run(run).has("message"), "what it said is deleted");
        }
        assertEquals(1, chats.upstream.asked());
        assertEquals(List.of(), chats.runs("?state=queued"));
    }

    @Test
    void atShutdownThoseThatWaitAreInterruptedAndNeverAsked() throws Exception {
        String session = chats.session();
        List<String> runs = new ArrayList<>(List.of(ask(session, "first")));
        chats.upstream.await();
        runs.add(ask(session, "second"));
        runs.add(ask(session, "third"));

        chats.restart();

        for (String run : runs) {
            assertEquals("interrupted", chats.state(run));
        }
        assertEquals(1, chats.upstream.asked());
        assertEquals(List.of("user first", "assistant one"), chats.history(session));
        String next = ask(session, "next");
        chats.upstream.await().release();
        Chats.await("the end", () -> chats.state(next).equals("completed"));
    }

    @Test
    void aClientThatLeavesTheQueueForGoodLosesItsPlace() throws Exception {
        chats.close();
        chats = new Chats(folder, Map.of("runs.detached-max", "100ms"));
        String session = chats.session();
        ask(session, "first");
        Held held = chats.upstream.await();
        try (Socket _ = chats.open(in(session, "\"queue\":true,\"stream\":true,", "second"))) {
            Chats.await("it waits", () -> chats.runs("?state=queued").size() == 1);
        }

        Chats.await("it is cancelled", () -> state(session, 0).equals("cancelled"));

        held.release();
        Chats.await("the first ends", () -> state(session, 1).equals("completed"));
        assertEquals(1, chats.upstream.asked());
    }
}
