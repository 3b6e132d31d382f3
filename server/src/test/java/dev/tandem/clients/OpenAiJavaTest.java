package dev.tandem.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ResponseFormatJsonObject;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.models.Model;
import dev.tandem.launch.RunningServer;
import dev.tandem.v1.CreateSessionRequest;
import dev.tandem.v1.SessionServiceGrpc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// OpenAI's client for Java, which checks every answer against OpenAI's schema.
final class OpenAiJavaTest {
    private static final String MODEL = "scripted/any";
    private static final String TWO_CALLS =
            "call weather {\"city\":\"Oslo\"}\ncall weather {\"city\":\"Rome\"}";

    @TempDir private static Path data;
    private static RunningServer server;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        server = KeyedServer.start(data);
        client = client(KeyedServer.KEY);
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    @Test
    void answersWhole() {
        ChatCompletion answer = ask("say hello there\nusage in=7 out=2 cached=5 reasoning=1");

        assertEquals("hello there", text(answer));
        assertEquals(ChatCompletion.Choice.FinishReason.STOP, finish(answer));
        assertEquals(MODEL, answer.model());
        assertEquals(12, answer.usage().orElseThrow().promptTokens());
        assertEquals(14, answer.usage().orElseThrow().totalTokens());
    }

    @Test
    void streamsWithUsageLast() {
        List<ChatCompletionChunk> chunks =
                stream("say one two three", all -> all.streamOptions(USAGE));

        assertEquals("one two three", accumulated(chunks));
        assertTrue(chunks.getLast().choices().isEmpty());
        assertEquals(3, chunks.getLast().usage().orElseThrow().completionTokens());
        assertEquals(
                1,
                chunks.stream()
                        .flatMap(chunk -> chunk.choices().stream())
                        .filter(choice -> choice.finishReason().isPresent())
                        .count());
    }

    @Test
    void streamsWhatTheAccumulatorPutsTogether() {
        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
        stream("say let me look\n" + TWO_CALLS, OpenAiJavaTest::weather).forEach(whole::accumulate);

        ChatCompletion answer = whole.chatCompletion();
        assertEquals(ChatCompletion.Choice.FinishReason.TOOL_CALLS, finish(answer));
        assertEquals(
                List.of("{\"city\":\"Oslo\"}", "{\"city\":\"Rome\"}"),
                calls(answer).stream()
                        .map(call -> call.asFunction().function().arguments())
                        .toList());
    }

    @Test
    void callsToolsInParallelAndTakesTheirResults() {
        String script = TWO_CALLS + "\nthen\nsay cold, warm";
        ChatCompletion first = ask(script, OpenAiJavaTest::weather);
        List<ChatCompletionMessageToolCall> calls = calls(first);
        assertEquals(2, calls.size());
        assertEquals(ChatCompletion.Choice.FinishReason.TOOL_CALLS, finish(first));

        ChatCompletion second =
                ask(
                        script,
                        next -> {
                            weather(next);
                            next.addMessage(first.choices().getFirst().message());
                            for (ChatCompletionMessageToolCall call : calls) {
                                next.addMessage(
                                        ChatCompletionToolMessageParam.builder()
                                                .toolCallId(call.asFunction().id())
                                                .content("12")
                                                .build());
                            }
                        });

        assertEquals("cold, warm", text(second));
    }

    @Test
    void namesAnUnknownModelAndTheParameterThatIsWrong() {
        NotFoundException unknown =
                assertThrows(
                        NotFoundException.class, () -> ask("say no", all -> all.model("no/such")));
        assertEquals(Optional.of("model"), unknown.param());
        assertEquals(Optional.of("not_found"), unknown.code());

        Map<String, Consumer<ChatCompletionCreateParams.Builder>> wrong =
                Map.of(
                        "temperature", all -> all.temperature(3),
                        "n", all -> all.n(2),
                        "max_completion_tokens", all -> all.maxCompletionTokens(0),
                        "stop[1]", all -> all.stopOfStrings(List.of("a", "")));
        wrong.forEach(
                (param, change) -> {
                    BadRequestException refused =
                            assertThrows(BadRequestException.class, () -> ask("say no", change));
                    assertEquals(Optional.of(param), refused.param());
                });
    }

    @Test
    void failsBeforeTheStreamWithAStatus() {
        InternalServerException whole =
                assertThrows(InternalServerException.class, () -> ask("fail overloaded"));
        assertEquals(503, whole.statusCode());
        InternalServerException streamed =
                assertThrows(
                        InternalServerException.class,
                        () -> stream("fail overloaded", OpenAiJavaTest::plain));
        assertEquals(Optional.of("overloaded"), streamed.code());
        assertThrows(RateLimitException.class, () -> ask("fail rate_limited retry-after 7s"));
    }

    @Test
    void failsInsideAStreamAsAnError() {
        List<ChatCompletionChunk> seen = new ArrayList<>();

        OpenAIServiceException failed =
                assertThrows(
                        OpenAIServiceException.class,
                        () -> stream("say half an\nfail overloaded", OpenAiJavaTest::plain, seen));

        assertEquals(Optional.of("overloaded"), failed.code());
        assertEquals("half an", accumulated(seen));
    }

    @Test
    void listsModelsAndGetsOne() {
        List<String> ids = client.models().list().autoPager().stream().map(Model::id).toList();

        assertTrue(ids.contains("claude-opus-5-5"), ids::toString);
        assertEquals("anthropic", client.models().retrieve("claude-opus-5-5").ownedBy());
        assertThrows(NotFoundException.class, () -> client.models().retrieve("nobody-has-it"));
    }

    @Test
    void continuesASessionWhoseHistoryTheServerHas() {
        String session =
                SessionServiceGrpc.newBlockingStub(server.grpc())
                        .withInterceptors(Keys.sending(KeyedServer.KEY))
                        .createSession(CreateSessionRequest.getDefaultInstance())
                        .getId();
        Consumer<ChatCompletionCreateParams.Builder> inIt =
                all -> all.putAdditionalBodyProperty("session_id", JsonValue.from(session));

        create("remember blue", inIt);
        ChatCompletion second = create("which colour", inIt);

        assertEquals(6, second.usage().orElseThrow().promptTokens());
        assertEquals(Optional.of(session), more(second._allProperties(), "session_id"));
    }

    @Test
    void survivesFramesThatOpenAiDoesNotHave() {
        String script = "say looking\nprovider-tool web_search {\"q\":\"x\"} => found\nsay done";

        List<ChatCompletionChunk> chunks =
                stream(script, all -> all.putAdditionalHeader("x-tandem-events", "1"));

        assertEquals("looking done", accumulated(chunks));
        assertEquals(
                List.of("tool_use", "tool_result", "usage"),
                chunks.stream()
                        .flatMap(chunk -> more(chunk._allProperties(), "type").stream())
                        .toList());
    }

    @Test
    void showsReasoning() {
        ChatCompletion whole = ask("think let me see\nsay yes");
        String streamed =
                stream("think let me see\nsay yes", OpenAiJavaTest::plain).stream()
                        .flatMap(chunk -> chunk.choices().stream())
                        .flatMap(
                                choice ->
                                        more(choice.delta()._allProperties(), "reasoning_content")
                                                .stream())
                        .collect(Collectors.joining());

        assertEquals("let me see", streamed);
        assertEquals(
                Optional.of("let me see"),
                more(whole.choices().getFirst().message()._allProperties(), "reasoning_content"));
    }

    @Test
    void tellsWhyItFinished() {
        assertEquals(
                ChatCompletion.Choice.FinishReason.LENGTH,
                finish(ask("words 9", all -> all.maxCompletionTokens(4))));
        assertEquals(
                ChatCompletion.Choice.FinishReason.CONTENT_FILTER,
                finish(ask("say no\nfinish content_filter")));
        assertEquals(
                Optional.of("I will not"),
                ask("refuse I will not").choices().getFirst().message().refusal());
    }

    @Test
    void takesPicturesAndForms() {
        List<ChatCompletionContentPart> parts =
                List.of(
                        ChatCompletionContentPart.ofText(
                                ChatCompletionContentPartText.builder().text("what is it").build()),
                        ChatCompletionContentPart.ofImageUrl(
                                ChatCompletionContentPartImage.builder()
                                        .imageUrl(
                                                ChatCompletionContentPartImage.ImageUrl.builder()
                                                        .url("https://example.com/a.png")
                                                        .build())
                                        .build()));
        ChatCompletion seen =
                client.chat()
                        .completions()
                        .create(
                                ChatCompletionCreateParams.builder()
                                        .model(MODEL)
                                        .addUserMessageOfArrayOfContentParts(parts)
                                        .build());
        assertEquals("what is it", text(seen));

        ChatCompletion formed =
                ask(
                        "say {\"a\":1}",
                        all -> all.responseFormat(ResponseFormatJsonObject.builder().build()));
        assertEquals("{\"a\":1}", text(formed));
    }

    @Test
    void refusesAWrongKey() {
        OpenAIClient stranger = client("sk-nobody-knows-this-one");
        try {
            UnauthorizedException refused =
                    assertThrows(UnauthorizedException.class, () -> stranger.models().list());
            assertEquals(Optional.of("unauthorized"), refused.code());
        } finally {
            stranger.close();
        }
    }

    private static final ChatCompletionStreamOptions USAGE =
            ChatCompletionStreamOptions.builder().includeUsage(true).build();

    private static void plain(ChatCompletionCreateParams.Builder question) {}

    private static OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(server.uri("/v1").toString())
                .apiKey(key)
                .responseValidation(true)
                .maxRetries(0)
                .timeout(Duration.ofSeconds(20))
                .build();
    }

    private static ChatCompletion ask(String script) {
        return ask(script, OpenAiJavaTest::plain);
    }

    private static ChatCompletion ask(
            String script, Consumer<ChatCompletionCreateParams.Builder> more) {
        return create("/script\n" + script, more);
    }

    private static ChatCompletion create(
            String text, Consumer<ChatCompletionCreateParams.Builder> more) {
        return client.chat().completions().create(question(text, more));
    }

    private static ChatCompletionCreateParams question(
            String text, Consumer<ChatCompletionCreateParams.Builder> more) {
        ChatCompletionCreateParams.Builder question =
                ChatCompletionCreateParams.builder().model(MODEL).addUserMessage(text);
        more.accept(question);
        return question.build();
    }

    private static List<ChatCompletionChunk> stream(
            String script, Consumer<ChatCompletionCreateParams.Builder> more) {
        List<ChatCompletionChunk> chunks = new ArrayList<>();
        stream(script, more, chunks);
        return chunks;
    }

    private static void stream(
            String script,
            Consumer<ChatCompletionCreateParams.Builder> more,
            List<ChatCompletionChunk> into) {
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(question("/script\n" + script, more))) {
            stream.stream().forEach(into::add);
        }
    }

    private static String accumulated(List<ChatCompletionChunk> chunks) {
        return chunks.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .map(choice -> choice.delta().content().orElse(""))
                .collect(Collectors.joining());
    }

    /// What OpenAI's answers do not have.
    private static Optional<String> more(Map<String, JsonValue> properties, String name) {
        return Optional.ofNullable(properties.get(name)).map(JsonValue::asStringOrThrow);
    }

    private static void weather(ChatCompletionCreateParams.Builder question) {
        question.addFunctionTool(
                FunctionDefinition.builder()
                        .name("weather")
                        .parameters(
                                FunctionParameters.builder()
                                        .putAdditionalProperty("type", JsonValue.from("object"))
                                        .build())
                        .build());
    }

    private static String text(ChatCompletion answer) {
        return answer.choices().getFirst().message().content().orElseThrow();
    }

    private static ChatCompletion.Choice.FinishReason finish(ChatCompletion answer) {
        return answer.choices().getFirst().finishReason();
    }

    private static List<ChatCompletionMessageToolCall> calls(ChatCompletion answer) {
        return answer.choices().getFirst().message().toolCalls().orElseThrow();
    }
}
