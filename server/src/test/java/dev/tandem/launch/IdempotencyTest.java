package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.testing.HeldUpstream;
import dev.tandem.testing.HeldUpstream.Held;
import dev.tandem.testing.StreamGrammar;
import dev.tandem.v1.ChatCompletion;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.ChatServiceGrpc;
import dev.tandem.v1.RunEvent;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The same key with the same request is the same run, over both wires.
@Timeout(60)
final class IdempotencyTest {
    private static final String KEY = "Idempotency-Key";

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

    private static ChatCompletionRequest keyed(String key, String text) {
        return Chats.question(text).setIdempotencyKey(key).build();
    }

    private static String runId(HttpResponse<String> answer) {
        return answer.headers().firstValue("x-run-id").orElseThrow();
    }

    private static String textOf(HttpResponse<String> whole) {
        return Chats.json(whole.body())
                .path("choices")
                .path(0)
                .path("message")
                .path("content")
                .asText();
    }

    private static JsonNode error(HttpResponse<String> answer) {
        return Chats.json(answer.body()).path("error");
    }

    @Test
    void whileItRunsEverybodyReadsTheSameRunFromItsStart() throws Exception {
        CompletableFuture<List<RunEvent>> first =
                Chats.later(() -> chats.stream(keyed("k", "hello")));
        Held held = chats.upstream.await();
        CompletableFuture<ChatCompletion> third =
                Chats.later(() -> chats.grpc().createChatCompletion(keyed("k", "hello")));
        String run = chats.runs("").getFirst().path("id").asText();
        Iterator<RunEvent> second = chats.grpc().streamChatCompletion(keyed("k", "hello"));
        assertEquals(run, second.next().getRunId());
        assertEquals("one", second.next().getText().getText());
        try (Socket rest = chats.open(Chats.body("\"stream\":true,", "hello"), KEY, "k")) {
            BufferedReader lines =
                    new BufferedReader(
                            new InputStreamReader(rest.getInputStream(), StandardCharsets.UTF_8));
            awaitLine(lines, "\"content\":\"one\"");

            held.release();

            awaitLine(lines, "[DONE]");
        }
        StringBuilder text = new StringBuilder("one");
        second.forEachRemaining(event -> text.append(event.getText().getText()));
        assertEquals(HeldUpstream.WHOLE, text.toString());
        assertEquals(HeldUpstream.WHOLE, Chats.text(first.get()));
        assertEquals(run, third.get().getRunId());
        assertEquals(HeldUpstream.WHOLE, third.get().getMessage().getContent());
        assertEquals(1, chats.upstream.asked());
    }

    private static void awaitLine(BufferedReader lines, String part) throws IOException {
        for (String line = lines.readLine(); ; line = lines.readLine()) {
            assertTrue(line != null, "the stream ends without " + part);
            if (line.contains(part)) {
                return;
            }
        }
    }

    @Test
    void afterItsEndItIsToldAgainAlsoAfterARestart() throws Exception {
        CompletableFuture<List<RunEvent>> asking =
                Chats.later(() -> chats.stream(keyed("k", "hello")));
        chats.upstream.await().release();
        List<RunEvent> first = asking.get();

        for (int life = 0; life < 2; life++) {
            assertEquals(first, chats.stream(keyed("k", "hello")), "life " + life);
            ChatCompletion whole = chats.grpc().createChatCompletion(keyed("k", "hello"));
            assertEquals(HeldUpstream.WHOLE, whole.getMessage().getContent());
            assertEquals("stop", whole.getFinishReason());
            assertEquals(5, whole.getUsage().getInputTokens());
            HttpResponse<String> stream =
                    chats.post(Chats.body("\"stream\":true,", "hello"), KEY, "k");
            assertEquals(HeldUpstream.WHOLE, StreamGrammar.check(stream.body()).text());
            HttpResponse<String> rest = chats.post(Chats.body("", "hello"), KEY, "k");
            assertEquals(HeldUpstream.WHOLE, textOf(rest));
            assertEquals(first.getFirst().getRunId(), runId(rest));
            chats.restart();
        }
        assertEquals(1, chats.upstream.asked());
    }

    @Test
    void fiftyAtOnceAreOneRun() throws Exception {
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int number = 0; number < 50; number++) {
            all.add(
                    switch (number % 4) {
                        case 0 ->
                                Chats.later(
                                        () ->
                                                chats.stream(keyed("k", "hello"))
                                                        .getFirst()
                                                        .getRunId());
                        case 1 ->
                                Chats.later(
                                        () ->
                                                chats.grpc()
                                                        .createChatCompletion(keyed("k", "hello"))
                                                        .getRunId());
                        case 2 ->
                                Chats.later(
                                        () -> runId(chats.post(Chats.body("", "hello"), KEY, "k")));
                        default ->
                                Chats.later(
                                        () ->
                                                runId(
                                                        chats.post(
                                                                Chats.body(
                                                                        "\"stream\":true,",
                                                                        "hello"),
                                                                KEY,
                                                                "k")));
                    });
        }
        chats.upstream.await().release();

        Set<String> runs = new HashSet<>();
        for (CompletableFuture<String> one : all) {
            runs.add(one.get());
        }
        assertEquals(1, runs.size(), runs::toString);
        assertEquals(1, chats.upstream.asked());
        assertEquals(1, chats.runs("").size());
    }

    @Test
    void manyAtOnceThatComeWhileItEndsAreOneRunToo() throws Exception {
        for (int round = 0; round < 20; round++) {
            String key = "round " + round;
            List<CompletableFuture<String>> all = new ArrayList<>();
            all.add(Chats.later(() -> chats.stream(keyed(key, "hello")).getFirst().getRunId()));
            Held held = chats.upstream.await();
            held.release();
            for (int number = 0; number < 10; number++) {
                all.add(
                        Chats.later(
                                () ->
                                        chats.grpc()
                                                .createChatCompletion(keyed(key, "hello"))
                                                .getRunId()));
            }
            Set<String> runs = new HashSet<>();
            for (CompletableFuture<String> one : all) {
                runs.add(one.get());
            }
            assertEquals(1, runs.size(), runs::toString);
        }
        assertEquals(20, chats.upstream.asked());
    }

    @Test
    void anotherRequestWithTheKeyIsRefusedAndNamesIt() throws Exception {
        CompletableFuture<HttpResponse<String>> first =
                Chats.later(() -> chats.post(Chats.body("", "hello"), KEY, "k"));
        Held held = chats.upstream.await();
        for (int twice = 0; twice < 2; twice++) {
            HttpResponse<String> rest = chats.post(Chats.body("", "other"), KEY, "k");
            StatusRuntimeException grpc =
                    assertThrows(
                            StatusRuntimeException.class,
                            () -> chats.grpc().createChatCompletion(keyed("k", "other")));

            assertEquals(409, rest.statusCode());
            assertEquals("idempotency_conflict", error(rest).path("code").asText());
            assertEquals(KEY, error(rest).path("param").asText());
            assertEquals(Status.Code.ABORTED, grpc.getStatus().getCode());
            held.release();
            assertEquals(HeldUpstream.WHOLE, textOf(first.get()));
        }
        assertEquals(1, chats.upstream.asked());
    }

    @Test
    void anotherTenantsKeyIsAnother() throws Exception {
        chats.close();
        chats =
                new Chats(
                        folder,
                        Map.of(
                                "auth.keys.0.name", "ada",
                                "auth.keys.0.key", "key-of-ada-5e1d0c7b2f",
                                "auth.keys.1.name", "bob",
                                "auth.keys.1.tenant", "bobs",
                                "auth.keys.1.key", "key-of-bob-91c4f0aa63"));
        CompletableFuture<HttpResponse<String>> ada =
                Chats.later(
                        () ->
                                chats.post(
                                        Chats.body("", "hello"),
                                        KEY,
                                        "k",
                                        "authorization",
                                        "Bearer key-of-ada-5e1d0c7b2f"));
        chats.upstream.await().release();
        Metadata bearer = new Metadata();
        bearer.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer key-of-bob-91c4f0aa63");
        CompletableFuture<ChatCompletion> bob =
                Chats.later(
                        () ->
                                ChatServiceGrpc.newBlockingStub(chats.server().grpc())
                                        .withInterceptors(
                                                MetadataUtils.newAttachHeadersInterceptor(bearer))
                                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                                        .createChatCompletion(keyed("k", "hello")));
        chats.upstream.await().release();

        assertNotEquals(runId(ada.get()), bob.get().getRunId());
        assertEquals(2, chats.upstream.asked());
    }

    @Test
    void aRunThatFailedBeforeItSaidAnythingReleasesItsKey() throws Exception {
        for (int time = 1; time <= 2; time++) {
            HttpResponse<String> failed = chats.post(Chats.body("", "refuse this"), KEY, "k");
            assertEquals(400, failed.statusCode(), failed.body());
            assertEquals(time, chats.upstream.asked());
        }
        CompletableFuture<HttpResponse<String>> other =
                Chats.later(() -> chats.post(Chats.body("", "hello"), KEY, "k"));
        chats.upstream.await();
        chats.upstream.await();
        chats.upstream.await().release();
        assertEquals(200, other.get().statusCode());
    }

    @Test
    void aRunThatFailedAfterItSpokeKeepsItsKey() throws Exception {
        CompletableFuture<HttpResponse<String>> asking =
                Chats.later(() -> chats.post(Chats.body("", "break off"), KEY, "k"));
        chats.upstream.await().release();
        HttpResponse<String> first = asking.get();
        assertEquals(502, first.statusCode(), first.body());

        HttpResponse<String> again = chats.post(Chats.body("", "break off"), KEY, "k");
        HttpResponse<String> stream =
                chats.post(Chats.body("\"stream\":true,", "break off"), KEY, "k");

        assertEquals(runId(first), runId(again));
        assertEquals(502, again.statusCode());
        assertEquals(error(first).path("message"), error(again).path("message"));
        assertTrue(stream.body().contains("\"content\":\"one\""), stream.body());
        assertTrue(stream.body().contains("upstream_error"), stream.body());
        assertEquals(1, chats.upstream.asked());
    }

    @Test
    void inASessionTheQuestionIsAskedOnce() throws Exception {
        String session = chats.session();
        String body = Chats.body("\"session_id\":\"" + session + "\",", "hello");
        CompletableFuture<HttpResponse<String>> first =
                Chats.later(() -> chats.post(body, KEY, "k"));
        Held held = chats.upstream.await();
        CompletableFuture<HttpResponse<String>> second =
                Chats.later(() -> chats.post(body, KEY, "k"));
        held.release();

        assertEquals(runId(first.get()), runId(second.get()));
        assertEquals(runId(first.get()), runId(chats.post(body, KEY, "k")));
        assertEquals(
                List.of("user hello", "assistant " + HeldUpstream.WHOLE), chats.history(session));
    }

    @Test
    void inAProjectExactlyOneSessionIsMade() throws Exception {
        String project =
                Chats.json(chats.server().post("/v1/projects", "{\"name\":\"p\"}").body())
                        .path("id")
                        .asText();
        ChatCompletionRequest request =
                Chats.question("hello").setProjectId(project).setIdempotencyKey("k").build();
        List<CompletableFuture<ChatCompletion>> all = new ArrayList<>();
        for (int number = 0; number < 10; number++) {
            all.add(Chats.later(() -> chats.grpc().createChatCompletion(request)));
        }
        chats.upstream.await().release();

        Set<String> sessions = new HashSet<>();
        for (CompletableFuture<ChatCompletion> one : all) {
            sessions.add(one.get().getSessionId());
        }
        assertEquals(1, sessions.size(), sessions::toString);
        assertEquals(1, Chats.json(chats.server().get("/v1/sessions").body()).path("data").size());
    }

    @Test
    void aKeyThatIsTooLongIsNamed() {
        String key = "k".repeat(256);

        HttpResponse<String> rest = chats.post(Chats.body("", "hello"), KEY, key);
        StatusRuntimeException grpc =
                assertThrows(
                        StatusRuntimeException.class,
                        () -> chats.grpc().createChatCompletion(keyed(key, "hello")));

        assertEquals(400, rest.statusCode());
        assertEquals(KEY, error(rest).path("param").asText());
        assertEquals(Status.Code.INVALID_ARGUMENT, grpc.getStatus().getCode());
        assertTrue(grpc.toString().contains("idempotency_key"), grpc.toString());
        assertEquals(0, chats.upstream.asked());
    }

    @Test
    void keysAreForgottenWithRetention() throws Exception {
        CompletableFuture<ChatCompletion> first =
                Chats.later(() -> chats.grpc().createChatCompletion(keyed("k", "hello")));
        chats.upstream.await().release();
        String run = first.get().getRunId();
        chats.close();
        chats = new Chats(folder, Map.of("runs.retention", "0s"));
        // the server forgets when it starts
        Chats.await(
                "it is forgotten",
                () -> chats.server().get("/v1/runs/" + run + "/events").body().contains("gap"));

        CompletableFuture<ChatCompletion> second =
                Chats.later(() -> chats.grpc().createChatCompletion(keyed("k", "hello")));
        chats.upstream.await().release();

        assertNotEquals(run, second.get().getRunId());
    }

    @Test
    void aSessionThatIsDeletedForgetsItsKeys() throws Exception {
        String session = chats.session();
        ChatCompletionRequest request =
                Chats.question("hello").setSessionId(session).setIdempotencyKey("k").build();
        CompletableFuture<ChatCompletion> first =
                Chats.later(() -> chats.grpc().createChatCompletion(request));
        chats.upstream.await().release();
        String run = first.get().getRunId();

        assertEquals(200, chats.server().delete("/v1/sessions/" + session).statusCode());

        StatusRuntimeException again =
                assertThrows(
                        StatusRuntimeException.class,
                        () -> chats.grpc().createChatCompletion(request));
        assertEquals(Status.Code.NOT_FOUND, again.getStatus().getCode());
        assertTrue(!chats.server().get("/v1/runs/" + run).body().contains("two"));
        assertTrue(!chats.server().get("/v1/runs/" + run + "/events").body().contains("two"));
    }
}
