package dev.tandem.edge.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.tandem.edge.json.ProtoJson.Nulls;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.v1.ChatCompletionDebug;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.ChatMessage;
import dev.tandem.v1.ContentPart;
import dev.tandem.v1.GetUsageRequest;
import dev.tandem.v1.ListSessionsResponse;
import dev.tandem.v1.ModelPricing;
import dev.tandem.v1.Run;
import dev.tandem.v1.RunEvent;
import dev.tandem.v1.RunState;
import dev.tandem.v1.Session;
import dev.tandem.v1.TextDelta;
import dev.tandem.v1.Tool;
import dev.tandem.v1.ToolCall;
import dev.tandem.v1.UpdateSessionRequest;
import dev.tandem.v1.Usage;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProtoJsonTest {
    @Test
    void writesPlainFieldsAlsoWhenTheyHoldNothing() {
        assertEquals(
                "{\"id\":\"\",\"is_active\":false,\"total_tokens\":0,\"total_cost\":0,"
                        + "\"message_count\":0,\"unpriced_runs\":0}",
                write(Session.getDefaultInstance()));
    }

    @Test
    void writesOptionalFieldsOnlyWhereTheyAreSet() {
        assertEquals(
                "{\"session_id\":\"s\",\"title\":\"\"}",
                write(UpdateSessionRequest.newBuilder().setSessionId("s").setTitle("").build()));
    }

    @Test
    void writesTimesAsRfc3339() {
        Timestamp time =
                Timestamp.newBuilder().setSeconds(1_800_000_000).setNanos(5_000_000).build();

        String json = write(Run.newBuilder().setCreatedAt(time).build());

        assertTrue(json.contains("\"created_at\":\"2027-01-15T08:00:00.005Z\""), json);
    }

    @Test
    void writesWordsForEnums() {
        String json = write(Run.newBuilder().setState(RunState.RUN_STATE_RUNNING).build());

        assertTrue(json.contains("\"state\":\"running\""), json);
        assertTrue(write(Run.getDefaultInstance()).contains("\"state\":\"unspecified\""));
    }

    @Test
    void writesMoneyInDollarsAndBigNumbersAsNumbers() {
        String json =
                write(
                        Session.newBuilder()
                                .setTotalCostNanos(1_234_567_890)
                                .setTotalTokens(Long.MAX_VALUE)
                                .build());

        assertTrue(json.contains("\"total_cost\":1.23456789,"), json);
        assertTrue(json.contains("\"total_tokens\":9223372036854775807"), json);
    }

    @Test
    void writesPricesInDollarsPerMillionTokens() {
        assertEquals(
                "{\"input\":2,\"output\":0.000000001,\"cache_read\":0.1}",
                write(
                        ModelPricing.newBuilder()
                                .setInputNanos(2_000_000_000)
                                .setOutputNanos(1)
                                .setCacheReadNanos(100_000_000)
                                .build()));
    }

    @Test
    void leavesOutACostThatIsNotKnown() {
        assertFalse(write(Usage.getDefaultInstance()).contains("total_cost"));
    }

    @Test
    void writesEmbeddedJsonAsItIsButOnOneLine() {
        String json =
                write(
                        Tool.newBuilder()
                                .setName("t")
                                .setParametersJson("{\n \"b\": 128,\r\n \"a\": 1.0 }\n")
                                .build());

        assertEquals("{\"name\":\"t\",\"parameters\":{  \"b\": 128,   \"a\": 1.0 }}", json);
    }

    @Test
    void writesWhatIsNotJsonAsText() {
        String json = write(ToolCall.newBuilder().setArgumentsJson("{\"a\":").build());

        assertEquals("{\"id\":\"\",\"name\":\"\",\"arguments\":\"{\\\"a\\\":\"}", json);
    }

    @Test
    void writesNullForEmbeddedJsonThatIsEmpty() {
        assertTrue(write(Tool.getDefaultInstance()).contains("\"parameters\":null"));
        assertTrue(
                write(ChatCompletionDebug.getDefaultInstance())
                        .contains("\"provider_request\":null"));
    }

    @Test
    void writesOnlyTheChosenCaseOfAChoice() {
        assertEquals(
                "{\"run_id\":\"r\",\"text\":{\"text\":\"hi\"}}",
                write(
                        RunEvent.newBuilder()
                                .setRunId("r")
                                .setText(TextDelta.newBuilder().setText("hi"))
                                .build()));
    }

    @Test
    void writesListsAsLists() {
        assertEquals(
                "{\"object\":\"list\",\"data\":[],\"has_more\":true,\"next_page_token\":\"t\"}",
                write(
                        ListSessionsResponse.newBuilder()
                                .setHasMore(true)
                                .setNextPageToken("t")
                                .build()));
    }

    @Test
    void writesMapsAsObjects() {
        String json =
                write(
                        ChatCompletionRequest.newBuilder()
                                .putMetadata("k", "v")
                                .putExtraParametersJson("seed", "7")
                                .build());

        assertTrue(json.contains("\"metadata\":{\"k\":\"v\"}"), json);
        assertTrue(json.contains("\"extra_parameters\":{\"seed\":7}"), json);
    }

    @Test
    void readsBackWhatItWrote() {
        ChatCompletionRequest request =
                ChatCompletionRequest.newBuilder()
                        .setModel("m")
                        .addMessages(
                                ChatMessage.newBuilder()
                                        .setRole("user")
                                        .addParts(ContentPart.newBuilder().setText("é\n😀"))
                                        .addToolCalls(
                                                ToolCall.newBuilder()
                                                        .setId("c")
                                                        .setArgumentsJson("{\"b\":1, \"a\":1.0}")))
                        .setTemperature(0.25)
                        .setMaxTokens(Long.MAX_VALUE)
                        .addStop("x")
                        .putMetadata("k", "v")
                        .putExtraParametersJson("logit_bias", "{\"5\": -1}")
                        .build();

        ChatCompletionRequest.Builder read = ChatCompletionRequest.newBuilder();
        ProtoJson.read(ProtoJson.write(request), read, Nulls.ABSENT);

        assertEquals(request, read.build());
    }

    @Test
    void readsTimesWordsAndMoney() {
        Run.Builder run = Run.newBuilder();

        read(
                "{\"created_at\":\"2027-01-15T09:00:00.005+01:00\",\"state\":\"waiting\","
                        + "\"usage\":{\"total_cost\":1.5,\"input_tokens\":2.0}}",
                run);

        assertEquals(
                Timestamp.newBuilder().setSeconds(1_800_000_000).setNanos(5_000_000).build(),
                run.getCreatedAt());
        assertEquals(RunState.RUN_STATE_WAITING, run.getState());
        assertEquals(1_500_000_000, run.getUsage().getTotalCostNanos());
        assertEquals(2, run.getUsage().getInputTokens());
    }

    @Test
    void takesNullForAbsentUnlessItClears() {
        byte[] json = utf8("{\"title\":null,\"session_id\":null}");
        UpdateSessionRequest.Builder absent = UpdateSessionRequest.newBuilder();
        UpdateSessionRequest.Builder cleared = UpdateSessionRequest.newBuilder();

        ProtoJson.read(json, absent, Nulls.ABSENT);
        ProtoJson.read(json, cleared, Nulls.CLEAR);

        assertFalse(absent.hasTitle());
        assertTrue(cleared.hasTitle());
        assertEquals("", cleared.getTitle());
        assertFalse(cleared.hasModel());
    }

    @Test
    void readsAByteOrderMark() {
        Session.Builder session = Session.newBuilder();

        read("\ufeff{\"id\":\"s\"}", session);

        assertEquals("s", session.getId());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"mesages\":[]}                          | mesages            | not a known field",
                "{\"messages\":[{\"rol\":\"x\"}]}          | messages[0].rol    | not a known field",
                "{\"messages\":[{\"role\":5}]}             | messages[0].role   | must be a string, not a number",
                "{\"messages\":{}}                         | messages           | must be an array, not an object",
                "{\"messages\":[null]}                     | messages[0]        | must be an object, not null",
                "{\"messages\":[{},{\"parts\":[{\"text\":\"a\",\"image\":{}}]}]} | messages[1].parts[0].image | excludes",
                "{\"temperature\":\"hot\"}                 | temperature        | must be a number, not a string",
                "{\"temperature\":1e999}                   | temperature        | out of range",
                "{\"max_tokens\":1.5}                      | max_tokens         | must be a whole number",
                "{\"max_tokens\":9223372036854775808}      | max_tokens         | must be a whole number",
                "{\"max_tokens\":1e400000000}              | max_tokens         | must be a whole number",
                "{\"parallel_tool_calls\":\"true\"}        | parallel_tool_calls | must be a boolean, not a string",
                "{\"metadata\":{\"k\":1}}                  | metadata.k         | must be a string, not a number",
                "{\"model\":\"a\",\"stop\":[],\"model\":\"b\"} | model         | given twice",
                "{\"metadata\":{\"a\":\"\",\"a\":\"\"}}    | metadata.a         | given twice",
                "{\"extra_parameters\":{\"a\":{\"b\":1,\"b\":1}}} | ``         | Duplicate field",
                "{\"model\":\"a\"} x                       | ``                 | not valid JSON",
                "{\"model\":\"a\"} {}                      | ``                 | more after it",
                "{\"model\":}                              | ``                 | not valid JSON at line 1, column",
                "{\"messages\":[{\"role\":\"a\"            | ``                 | not valid JSON",
                "[]                                        | ``                 | must be an object, not an array",
                "nul                                       | ``                 | not valid JSON",
                "``                                        | ``                 | empty",
            })
    void refusesNamingThePlace(String json, String param, String says) {
        Failure failure =
                assertThrows(
                        Failure.class, () -> read(json, ChatCompletionRequest.newBuilder()), json);

        assertEquals(FailureCode.INVALID_REQUEST, failure.code());
        assertTrue(failure.text().contains(says), failure.text());
        if (!param.isEmpty()) {
            assertEquals(param, failure.param().orElse(""), failure.text());
        }
    }

    @Test
    void refusesMoneyWithTooManyDecimals() {
        Failure failure =
                assertThrows(
                        Failure.class,
                        () -> read("{\"total_cost\":0.0000000001}", Session.newBuilder()));

        assertEquals("total_cost", failure.param().orElseThrow());
        assertThrows(
                Failure.class, () -> read("{\"total_cost\":1e999999999}", Session.newBuilder()));
    }

    @Test
    void refusesUnknownWordsAndTimes() {
        Failure word =
                assertThrows(
                        Failure.class, () -> read("{\"state\":\"RUNNING\"}", Run.newBuilder()));
        Failure time =
                assertThrows(
                        Failure.class, () -> read("{\"created_at\":\"today\"}", Run.newBuilder()));

        assertTrue(word.text().contains("running"), word.text());
        assertEquals("created_at", time.param().orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2027-01-15T08:00:00.005Z",
                "2027-01-15T09:00:00.005+01:00",
                "2027-01-15T09:00:00.005 01:00",
                "2027-01-15T02:30:00.005-05:30",
            })
    void readsTimesFromQueriesAlsoWithAPlusThatWasNotEncoded(String text) {
        GetUsageRequest.Builder request = GetUsageRequest.newBuilder();

        assertTrue(ProtoJson.readText("from", text, request));

        assertEquals(
                Timestamp.newBuilder().setSeconds(1_800_000_000).setNanos(5_000_000).build(),
                request.getFrom());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "today", "2027-01-15", "1800000000", "2027-01-15 08:00:00Z"})
    void refusesTimesOfQueriesThatAreNone(String text) {
        Failure failure =
                assertThrows(
                        Failure.class,
                        () -> ProtoJson.readText("from", text, GetUsageRequest.newBuilder()));

        assertEquals("from", failure.param().orElseThrow());
        assertTrue(failure.text().contains("such as 2026-01-31T12:00:00Z"), failure.text());
    }

    @Test
    void refusesWhatIsNestedTooDeeply() {
        String deep = "[".repeat(100_000);

        assertThrows(Failure.class, () -> read(deep, Session.newBuilder()));
        assertThrows(
                Failure.class,
                () ->
                        read(
                                "{\"extra_parameters\":{\"x\":" + deep + "}}",
                                ChatCompletionRequest.newBuilder()));
    }

    @Test
    void refusesOtherEncodings() {
        byte[] wide = "{\"id\":\"s\"}".getBytes(StandardCharsets.UTF_16LE);

        assertThrows(Failure.class, () -> ProtoJson.read(wide, Session.newBuilder(), Nulls.ABSENT));
    }

    private static String write(Message message) {
        return new String(ProtoJson.write(message), StandardCharsets.UTF_8);
    }

    private static void read(String json, Message.Builder into) {
        ProtoJson.read(utf8(json), into, Nulls.ABSENT);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
