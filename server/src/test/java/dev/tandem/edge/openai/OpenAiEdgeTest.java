package dev.tandem.edge.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import dev.tandem.auth.FrontDoor;
import dev.tandem.edge.rest.RestSettings;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.id.Ids;
import dev.tandem.rpc.Pipeline;
import dev.tandem.testing.EdgeServer;
import dev.tandem.testing.FakeContract;
import dev.tandem.testing.StreamGrammar;
import dev.tandem.v1.ChatCompletion;
import dev.tandem.v1.ChatCompletionDebug;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.ChatMessage;
import dev.tandem.v1.GetModelRequest;
import dev.tandem.v1.ListModelsResponse;
import dev.tandem.v1.Model;
import dev.tandem.v1.RunEvent;
import dev.tandem.v1.RunStarted;
import dev.tandem.v1.TextDelta;
import dev.tandem.v1.ToolCall;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OpenAiEdgeTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String ASK =
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String STREAM = ASK.replace("}]}", "}],\"stream\":true}");
    private static final FakeContract CONTRACT = new FakeContract();
    private static final EdgeServer SERVER = new EdgeServer(CONTRACT.methods());

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @BeforeEach
    void forget() {
        CONTRACT.forget();
        CONTRACT.answer("CreateChatCompletion", (_, _) -> ChatCompletion.getDefaultInstance());
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT, "/chat/completions"})
    void choosesTheMethodByStream(String path) {
        SERVER.post(path, ASK);
        assertEquals("CreateChatCompletion", CONTRACT.last().method());

        SERVER.post(path, STREAM);
        assertEquals("StreamChatCompletion", CONTRACT.last().method());
    }

    @Test
    void answersOldClientsWithFunctionCalls() {
        CONTRACT.answer(
                "CreateChatCompletion",
                (_, _) ->
                        ChatCompletion.newBuilder()
                                .setMessage(
                                        ChatMessage.newBuilder()
                                                .addToolCalls(
                                                        ToolCall.newBuilder()
                                                                .setId("call_1")
                                                                .setName("f")
                                                                .setArgumentsJson("{}")))
                                .setFinishReason("tool_calls")
                                .build());

        String answer =
                SERVER.post(CHAT, ASK.replace("]}", "],\"functions\":[{\"name\":\"f\"}]}")).body();

        assertTrue(answer.contains("\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"}"));
        assertTrue(answer.contains("\"finish_reason\":\"function_call\""), answer);
        assertFalse(answer.contains("call_1"), answer);
    }

    @Test
    void takesSessionAndProjectFromHeaders() {
        SERVER.post(CHAT, ASK, "X-Session-ID", "s1", "X-Project-ID", "p1");

        ChatCompletionRequest request = (ChatCompletionRequest) CONTRACT.last().request();
        assertEquals("s1", request.getSessionId());
        assertEquals("p1", request.getProjectId());
    }

    @ParameterizedTest
    @CsvSource({
        "X-Session-ID,    session_id",
        "X-Project-ID,    project_id",
        "x-tandem-events, x-tandem-events",
    })
    void refusesHeadersThatContradictTheBody(String header, String param) {
        String body = ASK.replace("}]}", "}],\"session_id\":\"a\",\"project_id\":\"a\"}");

        assertEquals(200, SERVER.post(CHAT, body, "X-Session-ID", "a").statusCode());
        HttpResponse<String> answer = SERVER.post(CHAT, body, header, "b");

        assertEquals(400, answer.statusCode());
        assertTrue(answer.body().contains("\"param\":\"" + param + "\""), answer.body());
    }

    @Test
    void doesNotAskAnewForWhoeverSaysWhereItStands() {
        HttpResponse<String> whole = SERVER.post(CHAT, ASK, "Last-Event-ID", "7");

        assertEquals(400, whole.statusCode());
        assertTrue(whole.body().contains("\"param\":\"Last-Event-ID\""), whole.body());
    }

    @Test
    void namesFieldsAsTheirSenderKnowsThem() {
        CONTRACT.answer(
                "CreateChatCompletion",
                (_, _) -> {
                    throw Failure.invalid("max_tokens", "Too many.");
                });

        String old = SERVER.post(CHAT, ASK.replace("]}", "],\"max_tokens\":1}")).body();
        String current =
                SERVER.post(CHAT, ASK.replace("]}", "],\"max_completion_tokens\":1}")).body();

        assertTrue(old.contains("\"param\":\"max_tokens\""), old);
        assertTrue(current.contains("\"param\":\"max_completion_tokens\""), current);
    }

    @ParameterizedTest
    @CsvSource({
        "messages[2].parts[0].image.url,       messages[2].content[0].image_url.url",
        "messages[2].parts[0].audio.format,    messages[2].content[0].input_audio.format",
        "messages[2].parts[0].file.url,        messages[2].content[0].file.file_data",
        "messages[2].tool_calls[1].name,       messages[2].tool_calls[1].function.name",
        "messages[2].tool_calls[1].arguments_json, messages[2].tool_calls[1].function.arguments",
        "tools[3].name,                        tools[3].function.name",
        "tools[3].parameters_json,             tools[3].function.parameters",
        "response_format.schema_json,          response_format.json_schema.schema",
        "response_format.type,                 response_format.type",
        "extra_parameters_json.n,              n",
        "messages[0].content,                  messages[0].content",
        "model,                                model",
    })
    void translatesTheNamesOfFields(String ours, String theirs) {
        assertEquals(theirs, ParamNames.openAi(ours));
    }

    @Test
    void answersARefusalBeforeTheRunWithAStatus() {
        CONTRACT.stream(
                "StreamChatCompletion",
                (_, _, _) -> {
                    throw new Failure(FailureCode.RUN_IN_PROGRESS, "Busy.").withRun("run_1");
                });

        HttpResponse<String> answer = SERVER.post(CHAT, STREAM);

        assertEquals(409, answer.statusCode());
        assertTrue(answer.body().endsWith("\"run_id\":\"run_1\"}}"), answer.body());
    }

    @Test
    void tellsAFailureWithinTheStream() {
        CONTRACT.stream(
                "StreamChatCompletion",
                (_, _, sink) -> {
                    sink.send(started());
                    sink.send(text("hi"));
                    sink.flush();
                    throw new IllegalStateException("secret");
                });

        HttpResponse<String> answer = SERVER.post(CHAT, STREAM);

        StreamGrammar.Said said = StreamGrammar.check(answer.body());
        assertEquals(200, answer.statusCode());
        assertEquals("hi", said.text());
        assertTrue(String.valueOf(said.error()).contains("\"internal\""));
        assertFalse(answer.body().contains("secret"));
    }

    @Test
    void streamsMoreThanAnyBufferHolds() {
        String piece = "é\"".repeat(500);
        CONTRACT.stream(
                "StreamChatCompletion",
                (_, _, sink) -> {
                    sink.send(started());
                    for (int i = 0; i < 2_000; i++) {
                        sink.send(text(piece));
                    }
                });

        StreamGrammar.Said said = StreamGrammar.check(SERVER.post(CHAT, STREAM).body());

        assertEquals(piece.repeat(2_000), said.text());
    }

    @Test
    void saysHowItUnderstandsARequest() {
        CONTRACT.answer(
                "DebugChatCompletion",
                (_, _) ->
                        ChatCompletionDebug.newBuilder()
                                .setModel("m")
                                .addIgnoredParameters("top_p")
                                .setProviderRequestJson("{\"b\":1}")
                                .build());

        HttpResponse<String> answer =
                SERVER.post(CHAT + "/debug", ASK.replace("]}", "],\"top_k\":1}"));

        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("\"ignored_parameters\":[\"top_k\",\"top_p\"]"));
        assertTrue(answer.body().endsWith("\"provider_request\":{\"b\":1}}"), answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/models"})
    void listsModelsAsOpenAiDoes(String path) {
        CONTRACT.answer(
                "ListModels", (_, _) -> ListModelsResponse.newBuilder().addData(model()).build());

        assertEquals(
                "{\"object\":\"list\",\"data\":[{\"id\":\"a/b:c\",\"object\":\"model\","
                        + "\"created\":1800000000,\"owned_by\":\"p\"}]}",
                SERVER.get(path).body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/models/a/b:c",
                "/v1/models/a%2Fb:c",
                "/v1/models/a%2Fb%3Ac",
                "/models/a/b:c"
            })
    void findsAModelWhoseIdHasSlashesAndColons(String path) {
        CONTRACT.answer("GetModel", (_, _) -> model());

        HttpResponse<String> answer = SERVER.get(path);

        assertEquals(
                "{\"id\":\"a/b:c\",\"object\":\"model\",\"created\":1800000000,\"owned_by\":\"p\"}",
                answer.body());
        assertEquals(
                GetModelRequest.newBuilder().setModelId("a/b:c").build(),
                CONTRACT.last().request());
    }

    @Test
    void needsItsMethods() {
        Pipeline pipeline =
                new Pipeline(
                        FrontDoor.open(), _ -> dev.tandem.auth.Caller.ANONYMOUS, _ -> {}, _ -> {});
        Ids ids = new Ids(InstantSource.system(), new SecureRandom());

        assertThrows(
                IllegalArgumentException.class,
                () -> new OpenAiEdge(List.of(), pipeline, ids, RestSettings.DEFAULTS));
    }

    private static Model model() {
        return Model.newBuilder()
                .setId("a/b:c")
                .setOwnedBy("p")
                .setCreated(Timestamp.newBuilder().setSeconds(1_800_000_000))
                .build();
    }

    private static RunEvent started() {
        return RunEvent.newBuilder()
                .setRunId("run_1")
                .setStarted(RunStarted.newBuilder().setCompletionId("chatcmpl-1").setModel("m"))
                .build();
    }

    private static RunEvent text(String text) {
        return RunEvent.newBuilder().setText(TextDelta.newBuilder().setText(text)).build();
    }
}
