package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.testing.HeldUpstream;
import dev.tandem.testing.HeldUpstream.Held;
import dev.tandem.testing.StreamGrammar;
import dev.tandem.v1.ChatCompletion;
import dev.tandem.v1.GetRunRequest;
import dev.tandem.v1.Run;
import dev.tandem.v1.RunEvent;
import dev.tandem.v1.RunState;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An answer that nobody waits for, asked for and looked up over both wires.
@Timeout(60)
final class BackgroundTest {
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

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void answersAtOnceWithTheRun(boolean inSession) throws Exception {
        String session = inSession ? chats.session() : "";
        String fields = inSession ? "\"session_id\":\"" + session + "\"," : "";
        HttpResponse<String> rest =
                chats.post(Chats.body(fields + "\"background\":true,", "hello"));
        JsonNode made = Chats.json(rest.body());
        String id = made.path("id").asText();

        assertEquals(202, rest.statusCode(), rest.body());
        assertEquals("running", made.path("state").asText());
        assertEquals(id, rest.headers().firstValue("x-run-id").orElseThrow());
        assertEquals(inSession, made.has("session_id"));

        Held held = chats.upstream.await();
        Chats.await(
                "the first word",
                () -> chats.run(id).path("message").path("content").asText().equals("one"));
        assertEquals("running", chats.state(id));
        held.release();
        Chats.await("the end", () -> chats.state(id).equals("completed"));

        for (int life = 0; life < 2; life++) {
            Run run = chats.grpc().getRun(GetRunRequest.newBuilder().setRunId(id).build());
            assertEquals(RunState.RUN_STATE_COMPLETED, run.getState());
            assertEquals(HeldUpstream.WHOLE, run.getMessage().getContent());
            assertEquals("stop", run.getFinishReason());
            assertEquals(2, run.getUsage().getOutputTokens());
            JsonNode told = chats.run(id);
            assertEquals(HeldUpstream.WHOLE, told.path("message").path("content").asText());
            assertEquals(made.path("created_at"), told.path("created_at"));
            chats.restart();
        }
        if (inSession) {
            assertEquals(
                    List.of("user hello", "assistant " + HeldUpstream.WHOLE),
                    chats.history(session));
        }
    }

    @Test
    void overGrpcItReturnsIdsWithoutAMessage() throws Exception {
        ChatCompletion answer =
                chats.grpc()
                        .createChatCompletion(Chats.question("hello").setBackground(true).build());
        Held held = chats.upstream.await();

        assertFalse(answer.hasMessage());
        assertEquals("", answer.getFinishReason());
        assertEquals("running", chats.state(answer.getRunId()));
        assertEquals("running", chats.state(answer.getId()), "by its completion's id");

        held.release();
        Chats.await("the end", () -> chats.state(answer.getRunId()).equals("completed"));
    }

    @Test
    void withStreamItIsAStream() throws Exception {
        CompletableFuture<HttpResponse<String>> rest =
                Chats.later(
                        () -> chats.post(Chats.body("\"stream\":true,\"background\":true,", "hi")));
        chats.upstream.await().release();
        CompletableFuture<List<RunEvent>> grpc =
                Chats.later(() -> chats.stream(Chats.question("hi").setBackground(true).build()));
        chats.upstream.await().release();

        assertEquals(200, rest.get().statusCode());
        assertEquals(HeldUpstream.WHOLE, StreamGrammar.check(rest.get().body()).text());
        assertTrue(rest.get().body().contains("\nid: "), "it can be continued");
        assertEquals(HeldUpstream.WHOLE, Chats.text(grpc.get()));
        assertTrue(grpc.get().getFirst().hasCursor(), "it can be continued");
    }

    @Test
    void whatFailsIsToldByTheRun() throws Exception {
        HttpResponse<String> rest = chats.post(Chats.body("\"background\":true,", "refuse this"));
        assertEquals(202, rest.statusCode());
        String id = Chats.json(rest.body()).path("id").asText();

        Chats.await("the end", () -> chats.state(id).equals("failed"));

        JsonNode run = chats.run(id);
        assertEquals("invalid_request", run.path("error").path("code").asText());
        assertFalse(run.has("message"));
    }

    @Test
    void nothingIsPromisedForARequestThatCannotBeAnswered() {
        HttpResponse<String> rest =
                chats.post(
                        Chats.body(
                                "\"background\":true,\"session_id\":\"sess_"
                                        + "0".repeat(26)
                                        + "\",",
                                "hello"));

        assertEquals(404, rest.statusCode());
    }
}
