package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.Code;
import com.google.rpc.Status;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.ChatMessage;
import dev.tandem.v1.ChatServiceGrpc;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same bounds on every wire.
final class BoundsAcrossWiresTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir static Path folder;

    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start(folder, Map.of("scripted.enabled", "true"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void grpcTellsEveryViolation() throws Exception {
        ChatCompletionRequest request =
                ChatCompletionRequest.newBuilder()
                        .setModel("scripted/echo")
                        .addMessages(ChatMessage.newBuilder().setRole("ghost"))
                        .setTemperature(3)
                        .build();

        StatusRuntimeException refused =
                assertThrows(
                        StatusRuntimeException.class,
                        () ->
                                ChatServiceGrpc.newBlockingStub(server.grpc())
                                        .streamChatCompletion(request)
                                        .hasNext());

        Status status = Optional.ofNullable(StatusProto.fromThrowable(refused)).orElseThrow();
        assertEquals(Code.INVALID_ARGUMENT_VALUE, status.getCode());
        assertEquals(
                List.of("messages[0].role", "temperature"),
                violations(status).stream().map(FieldViolation::getField).toList());
        assertEquals(
                "temperature must be from 0 to 2, was 3.0.",
                violations(status).getLast().getDescription());
    }

    @Test
    void openAiNamesTheFieldAsItsClientsKnowIt() throws Exception {
        HttpResponse<String> answer =
                server.post(
                        "/v1/chat/completions",
                        """
                        {"model":"scripted/echo","messages":[{"role":"user","content":"a"}],
                         "tools":[{"type":"function","function":{"name":"a b"}}]}
                        """);

        assertEquals(400, answer.statusCode());
        JsonNode error = JSON.readTree(answer.body()).path("error");
        assertEquals("tools[0].function.name", error.path("param").asText());
        assertEquals(
                "tools[0].function.name must be 1 to 64 letters, digits, _ and -, was 'a b'.",
                error.path("message").asText());
    }

    @Test
    void restTellsThemToo() throws Exception {
        HttpResponse<String> answer =
                server.post("/v1/sessions", "{\"title\":\"" + "x".repeat(201) + "\"}");

        assertEquals(400, answer.statusCode());
        assertEquals("title", JSON.readTree(answer.body()).at("/error/param").asText());
    }

    private static List<FieldViolation> violations(Status status)
            throws InvalidProtocolBufferException {
        for (Any detail : status.getDetailsList()) {
            if (detail.is(BadRequest.class)) {
                return detail.unpack(BadRequest.class).getFieldViolationsList();
            }
        }
        return List.of();
    }
}
