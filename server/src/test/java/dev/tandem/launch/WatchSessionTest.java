package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.v1.RunState;
import dev.tandem.v1.ChatServiceGrpc;
import dev.tandem.v1.GetRunRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Devices that watch a session over both wires, while others chat in it.
@Timeout(60)
final class WatchSessionTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String CHAT = "/v1/chat/completions";
    private static final String FAILS = "/script\\nfail overloaded";

    @TempDir Path folder;

    private final HttpClient asking = HttpClient.newHttpClient();
    private RunningServer server;
    private String session;

    @BeforeEach
    void start() {
        server =
                RunningServer.start(
                        folder, Map.of("scripted.enabled", "true", "scripted.pace", "0ms"));
        session = id(server.post("/v1/sessions", "{\"model\":\"scripted/echo\"}"));
    }

    @AfterEach
    void stop() {
        asking.shutdownNow();
        server.close();
    }

    @Test
    void twoDevicesOnTwoWiresSeeWhatAThirdSays() throws Exception {
        try (Device phone = Device.overGrpc(server, session);
                Device laptop = Device.overRest(server, session)) {
            phone.await("session");
            laptop.await("session");

            say("Hello there you");
            awaitBoth(phone, laptop, "session 2 Hello there you");
            assertEquals(200, rename("Greetings").statusCode());
            awaitBoth(phone, laptop, "session 2 Greetings");
            assertEquals(200, server.post(at(":clear"), "{}").statusCode());
            awaitBoth(phone, laptop, "session 0 Greetings");
            assertEquals(200, server.delete(at("")).statusCode());

            for (Device device : List.of(phone, laptop)) {
                assertEquals(
                        List.of(
                                "message user: Hello there you",
                                "run started",
                                "run text Hello",
                                "run text  there",
                                "run text  you",
                                "run completed",
                                "message assistant: Hello there you",
                                "cleared",
                                "deleted"),
                        withoutSessions(device.untilTheEnd()));
            }
        }
        awaitNoWatches();
    }

    @Test
    void whoComesLateIsToldTheRunFromItsBeginning() throws Exception {
        String run = begin("/script\\nsay one two\\nhang");
        try (Device phone = Device.overGrpc(server, session);
                Device laptop = Device.overRest(server, session)) {
            for (Device device : List.of(phone, laptop)) {
                device.await("run text  two");
                assertEquals(
                        List.of(
                                "session 1 /script say one two hang",
                                "run started",
                                "run text one",
                                "run text  two"),
                        device.told());
            }

            server.post("/v1/runs/" + run + ":cancel", "{}");

            for (Device device : List.of(phone, laptop)) {
                device.await("message assistant: one two");
                assertTrue(device.told().contains("run cancelled"), () -> device.told().toString());
            }
        }
    }

    @Test
    void leavingStopsNoRunAndLeavesNothingBehind() throws Exception {
        String run = begin("/script\\nsay one\\nhang");
        try (Device stays = Device.overGrpc(server, session)) {
            stays.await("run text one");
            for (Device leaves :
                    List.of(
                            Device.overGrpc(server, session),
                            Device.overRest(server, session),
                            Device.overRest(server, session))) {
                leaves.await("run text one");
                leaves.close();
            }

            awaitWatches(1);
            assertEquals(
                    RunState.RUN_STATE_RUNNING,
                    ChatServiceGrpc.newBlockingStub(server.grpc())
                            .getRun(GetRunRequest.newBuilder().setRunId(run).build())
                            .getState());
        }
        awaitNoWatches();
        server.post("/v1/runs/" + run + ":cancel", "{}");
    }

    @Test
    void deletingCancelsTheRunAndTellsItsEnd() throws Exception {
        String _ = begin("/script\\nsay one\\nhang");
        try (Device phone = Device.overGrpc(server, session);
                Device laptop = Device.overRest(server, session)) {
            phone.await("run text one");
            laptop.await("run text one");

            assertEquals(200, server.delete(at("")).statusCode());

            for (Device device : List.of(phone, laptop)) {
                List<String> seen = device.untilTheEnd();
                assertTrue(seen.contains("run cancelled"), seen::toString);
                assertEquals("deleted", seen.getLast());
            }
        }
    }

    @Test
    void aRunThatFailsBeforeItSpokeTakesItsQuestionBack() throws Exception {
        try (Device phone = Device.overGrpc(server, session);
                Device laptop = Device.overRest(server, session)) {
            phone.await("session 0");
            laptop.await("session 0");

            assertEquals(503, server.post(CHAT, chat(session, FAILS, false)).statusCode());

            for (Device device : List.of(phone, laptop)) {
                device.await("run failed");
                device.await("session 0");
                assertEquals(
                        List.of(
                                "message user: /script\nfail overloaded",
                                "run started",
                                "run failed"),
                        withoutSessions(device.told()));
            }
        }
    }

    @Test
    void deletingTheProjectTellsItToo() throws Exception {
        String project = id(server.post("/v1/projects", "{\"name\":\"kite\"}"));
        String inside = id(server.post("/v1/sessions", "{\"project_id\":\"" + project + "\"}"));
        try (Device phone = Device.overGrpc(server, inside)) {
            phone.await("session");

            assertEquals(
                    200, server.delete("/v1/projects/" + project + "?force=true").statusCode());

            assertEquals(List.of("session 0", "deleted"), phone.untilTheEnd());
        }
    }

    @Test
    void whatIsNotThereCannotBeWatched() {
        HttpResponse<String> answer = server.get("/v1/sessions/sess_0/events");

        assertEquals(404, answer.statusCode());
        assertTrue(answer.body().contains("\"param\":\"session_id\""), answer.body());
        StatusRuntimeException refused =
                assertThrows(
                        StatusRuntimeException.class,
                        () -> Device.events(server, "sess_0").hasNext());
        assertEquals(Status.Code.NOT_FOUND, refused.getStatus().getCode());
        assertEquals(0, server.watches());
    }

    @Test
    void silenceIsFilledWithHeartbeatsAndShutdownEndsTheStream() throws Exception {
        server.close();
        server =
                RunningServer.start(
                        folder, Map.of("scripted.enabled", "true", "runs.heartbeat", "20ms"));
        try (Device phone = Device.overGrpc(server, session);
                Device laptop = Device.overRest(server, session)) {
            for (Device device : List.of(phone, laptop)) {
                device.await("heartbeat");
                device.await("heartbeat");
            }

            server.stopServing();

            assertEquals("failed UNAVAILABLE", phone.untilTheEnd().getLast());
            assertEquals("failed shutting_down", laptop.untilTheEnd().getLast());
        }
    }

    @Test
    void aForkIsAnotherSession() throws Exception {
        say("one");
        say("two");
        JsonNode messages = json(server.get(at("/messages"))).path("data");
        String first = messages.path(1).path("id").asText();
        try (Device phone = Device.overGrpc(server, session)) {
            phone.await("session");

            String fork = id(server.post(at(":fork"), "{\"message_id\":\"" + first + "\"}"));
            ask(fork, "three");

            assertEquals(
                    List.of("one", "one", "three", "three"),
                    Stream.of(json(server.get("/v1/sessions/" + fork + "/messages")))
                            .flatMap(list -> list.path("data").valueStream())
                            .map(message -> message.path("content").asText())
                            .toList());
            assertEquals(List.of("session 4 one"), phone.told());
        }
    }

    private static void awaitBoth(Device one, Device other, String words)
            throws InterruptedException {
        one.await(words);
        other.await(words);
    }

    /// A session is told as it is when it is told, which may be later than what made it so.
    private static List<String> withoutSessions(List<String> told) {
        return told.stream().filter(words -> !words.startsWith("session")).toList();
    }

    private HttpResponse<String> rename(String title) {
        return server.patch(at(""), "{\"title\":\"" + title + "\"}");
    }

    private void say(String text) {
        ask(session, text);
    }

    private void ask(String where, String text) {
        assertEquals(200, server.post(CHAT, chat(where, text, false)).statusCode());
    }

    /// Begins an answer that goes on, and returns its run.
    private String begin(String script) throws Exception {
        HttpResponse<Stream<String>> answer =
                asking.send(
                        HttpRequest.newBuilder(server.uri(CHAT))
                                .version(HttpClient.Version.HTTP_1_1)
                                .header("content-type", "application/json")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                chat(session, script, true)))
                                .build(),
                        BodyHandlers.ofLines());
        return answer.headers().firstValue("x-run-id").orElseThrow();
    }

    private static String chat(String where, String text, boolean stream) {
        return """
        {"session_id":"%s","stream":%s,"messages":[{"role":"user","content":"%s"}]}
        """
                .formatted(where, stream, text);
    }

    private String at(String rest) {
        return "/v1/sessions/" + session + rest;
    }

    private void awaitNoWatches() throws InterruptedException {
        awaitWatches(0);
    }

    /// That a client has left is noticed a moment later.
    private void awaitWatches(int count) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (server.watches() != count && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertEquals(count, server.watches());
    }

    private static String id(HttpResponse<String> answer) {
        return json(answer).path("id").asText();
    }

    private static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
