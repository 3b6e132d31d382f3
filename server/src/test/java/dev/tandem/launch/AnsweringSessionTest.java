package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.rpc.ErrorInfo;
import dev.tandem.v1.CancelRunRequest;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.ChatMessage;
import dev.tandem.v1.ChatServiceGrpc;
import dev.tandem.v1.ClearSessionRequest;
import dev.tandem.v1.ForkSessionRequest;
import dev.tandem.v1.RunEvent;
import dev.tandem.v1.SessionServiceGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// A session that is answering is neither cleared nor copied whole, whichever wire asks for it.
@Timeout(60)
final class AnsweringSessionTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir Path folder;

    private RunningServer server;
    private SessionServiceGrpc.SessionServiceBlockingStub sessions;
    private String session;
    private String earlier;
    private String run;

    @BeforeEach
    void start() throws Exception {
        server =
                RunningServer.start(
                        folder, Map.of("scripted.enabled", "true", "scripted.pace", "0ms"));
        sessions = SessionServiceGrpc.newBlockingStub(server.grpc());
        session =
                json(server.post("/v1/sessions", "{\"model\":\"scripted/echo\"}"))
                        .path("id")
                        .asText();
        ask("one").forEachRemaining(_ -> {});
        earlier =
                json(server.get("/v1/sessions/" + session + "/messages")).at("/data/1/id").asText();
        Iterator<RunEvent> events = ask("/script\nsay a\nhang");
        RunEvent event = events.next();
        while (!event.hasText()) {
            event = events.next();
        }
        run = event.getRunId();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void restAnswersWithAConflict() throws Exception {
        for (String verb : new String[] {":clear", ":fork"}) {
            HttpResponse<String> answer = post(verb, "{}");

            assertEquals(409, answer.statusCode());
            assertEquals("run_in_progress", json(answer).at("/error/code").asText(), answer.body());
            assertEquals(run, json(answer).at("/error/run_id").asText(), answer.body());
        }
    }

    @Test
    void grpcAborts() throws Exception {
        refused(
                () ->
                        sessions.clearSession(
                                ClearSessionRequest.newBuilder().setSessionId(session).build()));
        refused(
                () ->
                        sessions.forkSession(
                                ForkSessionRequest.newBuilder().setSessionId(session).build()));
    }

    private void refused(Executable call) throws Exception {
        StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, call);

        assertEquals(Status.Code.ABORTED, refused.getStatus().getCode());
        ErrorInfo info =
                Objects.requireNonNull(StatusProto.fromThrowable(refused))
                        .getDetails(0)
                        .unpack(ErrorInfo.class);
        assertEquals("run_in_progress", info.getReason());
        assertEquals(run, info.getMetadataOrThrow("run_id"));
    }

    @Test
    void whatCameBeforeIsCopied() throws Exception {
        JsonNode fork = json(post(":fork", "{\"message_id\":\"" + earlier + "\"}"));

        assertEquals(2, fork.path("message_count").asInt());
        assertEquals(false, fork.path("is_active").asBoolean());
    }

    @Test
    void onceItHasAnsweredBothAreDone() throws Exception {
        ChatServiceGrpc.newBlockingStub(server.grpc())
                .cancelRun(CancelRunRequest.newBuilder().setRunId(run).build());

        assertEquals(4, json(post(":fork", "{}")).path("message_count").asInt());
        assertEquals(0, json(post(":clear", "")).path("message_count").asInt());
    }

    private Iterator<RunEvent> ask(String text) {
        return ChatServiceGrpc.newBlockingStub(server.grpc())
                .streamChatCompletion(
                        ChatCompletionRequest.newBuilder()
                                .setSessionId(session)
                                .addMessages(
                                        ChatMessage.newBuilder().setRole("user").setContent(text))
                                .build());
    }

    private HttpResponse<String> post(String verb, String body) {
        return server.post("/v1/sessions/" + session + verb, body);
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body());
    }
}
