package dev.tandem.provider.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.conversation.AnswerFormat;
import dev.tandem.conversation.Content;
import dev.tandem.conversation.Content.Source;
import dev.tandem.conversation.Role;
import dev.tandem.conversation.ToolChoice;
import dev.tandem.conversation.ToolSpec;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.secret.Secret;
import dev.tandem.testing.Golden;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// One request in, Anthropic's JSON out: `golden/anthropic/request/<case>`. A refusal has no file.
final class AnthropicRequestTest {
    private static final AnthropicSettings SETTINGS = AnthropicSettings.of(new Secret("sk-test"));
    private static final Content HI = new Content.Text("Hi");
    private static final Content PNG =
            new Content.Image(new Source.Inline("image/png", "aGVsbG8="), Optional.of("high"));
    private static final Content WEB_IMAGE =
            new Content.Image(new Source.Remote("https://e.example/a.png"), Optional.empty());
    private static final Content PDF =
            new Content.Document(
                    new Source.Inline("application/pdf", "JVBERg=="), Optional.of("a.pdf"));
    private static final Content TEXT_FILE =
            new Content.Document(new Source.Inline("text/csv", "YSxi"), Optional.of("a.csv"));
    private static final Content WEB_PDF =
            new Content.Document(new Source.Remote("https://e.example/a.pdf"), Optional.empty());
    private static final AnswerFormat SCHEMA =
            new AnswerFormat.JsonSchema(
                    "city",
                    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"array\",\"items\":"
                            + "{\"type\":\"object\",\"properties\":{}}},\"open\":{\"type\":\"object\","
                            + "\"additionalProperties\":{\"type\":\"string\"}}}}",
                    Optional.of("A city."),
                    Optional.of(true));
    private static final String SIGNED =
            "[{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"E+/=\"},"
                    + " {\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"weather\",\"input\":{\"n\": 1.50}}]";
    private static final Content CALL = new Content.ToolUse("toolu_1", "weather", "{\"n\": 1.50}");

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void asksInAnthropicsWords(RequestCase asked) throws IOException {
        AnthropicRequest request = new AnthropicRequest(asked.request(), SETTINGS);

        ObjectNode golden = Json.MAPPER.createObjectNode();
        golden.set("ignored", Json.MAPPER.valueToTree(request.ignoredParameters()));
        golden.set("body", Json.MAPPER.readTree(request.body()));
        Golden.check(
                "anthropic/request/" + asked + "/expected.json",
                Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(golden));
    }

    static Stream<RequestCase> asksInAnthropicsWords() {
        return Stream.of(conversations(), tools(), options(), thinking()).flatMap(cases -> cases);
    }

    private static Stream<RequestCase> conversations() {
        return Stream.of(
                RequestCase.of("smallest"),
                full(),
                RequestCase.of("content")
                        .says(Role.USER, HI, PNG, WEB_IMAGE, PDF, TEXT_FILE, WEB_PDF),
                RequestCase.of("merged-roles")
                        .says(Role.USER, "one")
                        .says(Role.USER, "two")
                        .says(Role.ASSISTANT, "three")
                        .says(Role.ASSISTANT, new Content.Refusal("four"))
                        .says(Role.USER, "five")
                        .named("ann"),
                RequestCase.of("blank-texts")
                        .system("  ")
                        .says(Role.USER, new Content.Text(""), new Content.Text("  \n"))
                        .says(Role.ASSISTANT, "")
                        .says(Role.USER, "one"),
                RequestCase.of("tool-results-first")
                        .tool(RequestCase.WEATHER)
                        .says(Role.USER, "one")
                        .says(
                                Role.ASSISTANT,
                                HI,
                                new Content.ToolUse("call_1", "weather", "{\"a\": 1.0}"),
                                new Content.ToolUse("call:2", "weather", ""),
                                new Content.ToolUse("call_3", "weather", "{\"cut"))
                        .result("call:2", new Content.Text("rain"), PNG)
                        .says(Role.USER, "and?")
                        .result("call_1", new Content.Text("")),
                RequestCase.of("mid-system-hoisted")
                        .system("first")
                        .says(Role.SYSTEM, "second")
                        .says(Role.USER, "one")
                        .says(Role.DEVELOPER, "third"),
                RequestCase.of("mid-system-kept")
                        .model("claude-opus-4-8")
                        .says(Role.DEVELOPER, "opening")
                        .says(Role.USER, "one")
                        .says(Role.SYSTEM, "Spanish only.")
                        .says(Role.USER, "two")
                        .says(Role.ASSISTANT, "tres")
                        .says(Role.SYSTEM, "French only.")
                        .says(Role.USER, "four"),
                RequestCase.of("mid-system-around-an-empty-answer")
                        .model("claude-opus-4-8")
                        .says(Role.USER, "one")
                        .says(Role.SYSTEM, "Spanish only.")
                        .says(Role.ASSISTANT, "")
                        .says(Role.USER, "two")
                        .says(Role.SYSTEM, "Short."),
                RequestCase.of("original-replayed")
                        .says(Role.USER, "one")
                        .answered("anthropic", "claude-sonnet-4-6", SIGNED, CALL)
                        .result("toolu_1", HI),
                RequestCase.of("original-of-another-model")
                        .says(Role.USER, "one")
                        .answered(
                                "anthropic",
                                "claude-opus-4-6",
                                SIGNED,
                                new Content.Reasoning("hm"),
                                CALL)
                        .result("toolu_1", HI),
                RequestCase.of("original-empty")
                        .says(Role.USER, "one")
                        .answered("anthropic", "claude-sonnet-4-6", "[]")
                        .says(Role.USER, "two"));
    }

    private static RequestCase full() {
        return RequestCase.of("full")
                .system("Be brief.")
                .says(Role.USER, HI, PNG)
                .answered("anthropic", "claude-sonnet-4-6", SIGNED, CALL)
                .result("toolu_1", HI)
                .tool(RequestCase.WEATHER)
                .tool(
                        new ToolSpec(
                                "strict",
                                Optional.empty(),
                                "{\"type\":\"object\",\"properties\":{\"o\":{\"type\":\"object\"}}}",
                                Optional.of(true)))
                .choice(new ToolChoice.Auto())
                .parallel(false)
                .maxTokens(1000)
                .temperature(0.5)
                .topP(0.5)
                .stop("END", "STOP")
                .format(SCHEMA)
                .metadata("user_id", "shadowed")
                .extra("user", "\"u1\"")
                .extra("service_tier", "\"default\"")
                .extra("seed", "7")
                .extra("n", "1")
                .extra("logprobs", "false")
                .extra("top_logprobs", "null")
                .extra("modalities", "[\"text\"]")
                .extra("frequency_penalty", "0")
                .extra("presence_penalty", "0.5")
                .extra("logit_bias", "{}")
                .extra("store", "true")
                .extra("verbosity", "\"low\"")
                .extra("brand_new", "{\"a\":1}")
                .kept();
    }

    private static Stream<RequestCase> tools() {
        RequestCase noSchema =
                RequestCase.of("tool-without-schema")
                        .tool(new ToolSpec("ping", Optional.of(" "), "", Optional.of(false)))
                        .tool(new ToolSpec("pong", Optional.empty(), "{}", Optional.empty()));
        return Stream.of(
                noSchema,
                RequestCase.of("choice-none")
                        .tool(RequestCase.WEATHER)
                        .choice(new ToolChoice.None()),
                RequestCase.of("choice-required")
                        .tool(RequestCase.WEATHER)
                        .choice(new ToolChoice.Required())
                        .effort("high"),
                RequestCase.of("choice-named")
                        .model("claude-haiku-4-5")
                        .tool(RequestCase.WEATHER)
                        .choice(new ToolChoice.Named("weather"))
                        .parallel(false)
                        .effort("high"),
                RequestCase.of("choice-without-tools")
                        .choice(new ToolChoice.None())
                        .parallel(false),
                RequestCase.of("parallel-false").tool(RequestCase.WEATHER).parallel(false),
                RequestCase.of("strict-on-an-old-model")
                        .model("claude-sonnet-4-20250514")
                        .tool(new ToolSpec("f", Optional.empty(), "{}", Optional.of(true))));
    }

    private static Stream<RequestCase> options() {
        return Stream.of(
                RequestCase.of("sampling-rejected")
                        .model("claude-opus-4-7")
                        .temperature(0.2)
                        .topP(0.5),
                RequestCase.of("sampling-neutral")
                        .model("claude-sonnet-5-5")
                        .temperature(1.0)
                        .topP(1.0),
                RequestCase.of("temperature-clamped").temperature(1.7).topP(0.9),
                RequestCase.of("top-p-alone").topP(0.9),
                RequestCase.of("json-object")
                        .system("Be brief.")
                        .format(new AnswerFormat.JsonObject()),
                RequestCase.of("user-from-metadata")
                        .metadata("user_id", "u2")
                        .extra("service_tier", "\"flex\""),
                RequestCase.of("user-too-long").extra("user", "\"" + "u".repeat(257) + "\""));
    }

    private static Stream<RequestCase> thinking() {
        return Stream.of(
                RequestCase.of("effort-adaptive").effort("high").temperature(0.5).topP(0.96),
                RequestCase.of("effort-xhigh-unknown").effort("xhigh"),
                RequestCase.of("effort-minimal").model("claude-opus-4-8").effort("minimal"),
                RequestCase.of("effort-none").effort("none"),
                RequestCase.of("effort-none-impossible").model("claude-opus-5-5").effort("none"),
                RequestCase.of("thinks-always").model("claude-sonnet-5-5"),
                RequestCase.of("budget")
                        .model("claude-sonnet-4-5")
                        .effort("medium")
                        .temperature(0.3),
                RequestCase.of("budget-of-a-short-answer")
                        .model("claude-haiku-4-5-20251001")
                        .maxTokens(1500)
                        .effort("high"),
                RequestCase.of("budget-impossible")
                        .model("claude-haiku-4-5-20251001")
                        .maxTokens(1024)
                        .effort("high"),
                RequestCase.of("budget-in-a-loop-without-thoughts")
                        .model("claude-haiku-4-5")
                        .effort("high")
                        .says(Role.USER, "one")
                        .calls("toolu_1", "{}")
                        .result("toolu_1", HI),
                RequestCase.of("budget-in-a-loop-with-thoughts")
                        .model("claude-haiku-4-5")
                        .effort("high")
                        .says(Role.USER, "one")
                        .answered("anthropic", "claude-haiku-4-5", SIGNED, CALL)
                        .result("toolu_1", HI),
                RequestCase.of("no-thinking-at-all")
                        .model("claude-3-5-haiku-20241022")
                        .effort("low"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource
    void refusesByName(String param, RequestCase asked) {
        Failure failure =
                assertThrows(
                        Failure.class,
                        () -> new AnthropicRequest(asked.request(), SETTINGS).body());

        assertEquals(FailureCode.INVALID_REQUEST, failure.code());
        assertEquals(param, failure.param().orElseThrow());
        assertTrue(failure.text().contains(param), failure.text());
    }

    static Stream<Arguments> refusesByName() {
        Content audio = new Content.Audio("aGk=", "wav");
        Content bmp = new Content.Image(new Source.Inline("image/bmp", "aGk="), Optional.empty());
        Content zip =
                new Content.Document(
                        new Source.Inline("application/zip", "aGk="), Optional.empty());
        return Stream.of(
                refusal("n", RequestCase.of("two answers").extra("n", "2")),
                refusal("logprobs", RequestCase.of("log probabilities").extra("logprobs", "true")),
                refusal("top_logprobs", RequestCase.of("top 3").extra("top_logprobs", "3")),
                refusal(
                        "modalities",
                        RequestCase.of("speech").extra("modalities", "[\"text\",\"audio\"]")),
                refusal("audio", RequestCase.of("a voice").extra("audio", "{\"voice\":\"v\"}")),
                refusal("messages", RequestCase.of("hearing").says(Role.USER, HI, audio)),
                refusal("messages", RequestCase.of("bitmaps").says(Role.USER, bmp)),
                refusal("messages", RequestCase.of("archives").says(Role.USER, zip)),
                refusal("messages", RequestCase.of("nothing said").says(Role.USER, " ")),
                refusal(
                        "messages",
                        RequestCase.of("an answer begun")
                                .says(Role.USER, HI)
                                .says(Role.ASSISTANT, "So")),
                refusal("messages", RequestCase.of("a stray result").result("x", HI)),
                refusal(
                        "messages",
                        RequestCase.of("a picture by the assistant").says(Role.ASSISTANT, PNG)),
                refusal("stop", RequestCase.of("a blank stop").stop("\n")),
                refusal(
                        "tool_choice",
                        RequestCase.of("a forced tool on a new model")
                                .model("claude-opus-5-5")
                                .tool(RequestCase.WEATHER)
                                .choice(new ToolChoice.Required())),
                refusal(
                        "tool_choice",
                        RequestCase.of("a forced tool without tools")
                                .choice(new ToolChoice.Required())),
                refusal("reasoning_effort", RequestCase.of("an unknown effort").effort("huge")),
                refusal(
                        "response_format",
                        RequestCase.of("a schema on an old model")
                                .model("claude-sonnet-4-0")
                                .format(SCHEMA)),
                refusal(
                        "tools",
                        RequestCase.of("a broken schema")
                                .tool(
                                        new ToolSpec(
                                                "f", Optional.empty(), "[]", Optional.empty()))));
    }

    private static Arguments refusal(String param, RequestCase asked) {
        return Arguments.of(param, asked);
    }

    @Test
    void aPausedAnswerIsSentBackAsItCame() throws IOException {
        AnthropicRequest request = new AnthropicRequest(RequestCase.of("").request(), SETTINGS);

        ObjectNode body =
                (ObjectNode)
                        Json.MAPPER.readTree(
                                request.body(Optional.of(SIGNED), Optional.of("container_1")));

        assertEquals("container_1", body.path("container").asText());
        assertEquals("assistant", body.path("messages").path(1).path("role").asText());
        assertEquals(Json.MAPPER.readTree(SIGNED), body.path("messages").path(1).path("content"));
    }

    @Test
    void cachesOnlyWhatGrowsAndOnlyIfAllowed() {
        assertTrue(text(RequestCase.of("").kept(), true).contains("cache_control"));
        assertEquals(
                List.of(false, false),
                List.of(
                        text(RequestCase.of("").kept(), false).contains("cache_control"),
                        text(RequestCase.of(""), true).contains("cache_control")));
    }

    @Test
    void aNewerVersionOfTheApiTakesNoSamplingAtAll() {
        AnthropicRequest request =
                new AnthropicRequest(
                        RequestCase.of("").temperature(0.5).request(),
                        settings(true, "2026-10-21"));

        assertEquals(List.of("temperature"), request.ignoredParameters());
    }

    private static String text(RequestCase asked, boolean promptCache) {
        return new String(
                new AnthropicRequest(asked.request(), settings(promptCache, "2023-06-01")).body(),
                StandardCharsets.UTF_8);
    }

    private static AnthropicSettings settings(boolean promptCache, String version) {
        return new AnthropicSettings(
                SETTINGS.apiKey(),
                SETTINGS.baseUrl(),
                version,
                promptCache,
                SETTINGS.headersMax(),
                SETTINGS.idleMax(),
                SETTINGS.totalMax());
    }
}
