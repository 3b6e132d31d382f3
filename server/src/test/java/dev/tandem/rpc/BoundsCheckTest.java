package dev.tandem.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.failure.Violation;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.ChatMessage;
import dev.tandem.v1.CreateProjectRequest;
import dev.tandem.v1.CreateSessionRequest;
import dev.tandem.v1.GetRunRequest;
import dev.tandem.v1.ListSessionsRequest;
import dev.tandem.v1.ResponseFormat;
import dev.tandem.v1.Tool;
import dev.tandem.v1.UpdateProjectRequest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BoundsCheckTest {
    @Test
    void aTextIsAsLongAsItMayBe() {
        allowed(CreateSessionRequest.newBuilder().setTitle("x".repeat(200)).build());
        refused(
                "title must have at most 200 characters, has 201.",
                CreateSessionRequest.newBuilder().setTitle("x".repeat(201)).build());
    }

    @Test
    void charactersAreCodePoints() {
        allowed(CreateSessionRequest.newBuilder().setTitle("🙂".repeat(200)).build());
        refused(
                "title must have at most 200 characters, has 201.",
                CreateSessionRequest.newBuilder().setTitle("🙂".repeat(201)).build());
    }

    @Test
    void aTextThatMustSaySomethingIsNotBlank() {
        refused("name must not be empty.", CreateProjectRequest.getDefaultInstance());
        refused(
                "name must not be empty.",
                CreateProjectRequest.newBuilder().setName(" \t").build());
        refused("name must not be empty.", UpdateProjectRequest.newBuilder().setName("").build());
    }

    @Test
    void anAbsentFieldBreaksNothing() {
        allowed(UpdateProjectRequest.getDefaultInstance());
        allowed(ListSessionsRequest.getDefaultInstance());
        allowed(GetRunRequest.getDefaultInstance());
    }

    @Test
    void aNumberIsInItsRange() {
        allowed(chat().setTemperature(0).setTopP(1).setMaxTokens(1).build());
        refused("temperature must be from 0 to 2, was 2.1.", chat().setTemperature(2.1).build());
        refused("top_p must be from 0 to 1, was NaN.", chat().setTopP(Double.NaN).build());
        refused("max_tokens must be at least 1, was 0.", chat().setMaxTokens(0).build());
        refused(
                "page_size must be at least 1, was -3.",
                ListSessionsRequest.newBuilder().setPageSize(-3).build());
    }

    @Test
    void aListHasAsManyElementsAsItMay() {
        refused(
                "messages must have at least 1 item, has 0.",
                ChatCompletionRequest.getDefaultInstance());
        ChatCompletionRequest.Builder tools = chat();
        for (int i = 0; i < 513; i++) {
            tools.addTools(Tool.newBuilder().setName("t" + i));
        }
        refused("tools must have at most 512 items, has 513.", tools.build());
    }

    @Test
    void elementsAreHeldAgainstBoundsToo() {
        refused(
                "stop[1] must have at least 1 character, has 0.",
                chat().addStop("a").addStop("").build());
        refused(
                "metadata.k must have at most 512 characters, has 513.",
                chat().putMetadata("k", "x".repeat(513)).build());
        refused(
                "tools[0].name must be 1 to 64 letters, digits, _ and -, was 'a b'.",
                chat().addTools(Tool.newBuilder().setName("a b")).build());
        refused(
                "tools[0].name must be 1 to 64 letters, digits, _ and -, was 'a\n'.",
                chat().addTools(Tool.newBuilder().setName("a\n")).build());
    }

    @Test
    void messagesWithinMessagesAreHeldAgainstBoundsToo() {
        refused(
                "messages[1].role must be one of system, developer, user, assistant, tool,"
                        + " was 'ghost'.",
                chat().addMessages(ChatMessage.newBuilder().setRole("ghost")).build());
        refused(
                "response_format.type must be one of text, json_object, json_schema, was ''.",
                chat().setResponseFormat(ResponseFormat.getDefaultInstance()).build());
    }

    @Test
    void everyViolationIsTold() {
        Failure failure = refusal(chat().setTemperature(3).setMaxTokens(-1).build());

        assertEquals(
                List.of(
                        new Violation("max_tokens", "max_tokens must be at least 1, was -1."),
                        new Violation("temperature", "temperature must be from 0 to 2, was 3.0.")),
                failure.violations());
        assertEquals(Optional.of("max_tokens"), failure.param());
        assertEquals(
                "max_tokens must be at least 1, was -1. temperature must be from 0 to 2, was 3.0.",
                failure.text());
    }

    @Test
    void whoHasVeryManyIsToldTenOfThem() {
        ChatCompletionRequest.Builder request = ChatCompletionRequest.newBuilder();
        for (int i = 0; i < 100; i++) {
            request.addMessages(ChatMessage.newBuilder().setRole("ghost"));
        }

        assertEquals(10, refusal(request.build()).violations().size());
    }

    @Test
    void aLongValueIsNotRepeatedWhole() {
        Failure failure = refusal(chat().setReasoningEffort("x".repeat(100_000)).build());

        assertTrue(failure.text().length() < 300, failure::text);
    }

    private static ChatCompletionRequest.Builder chat() {
        return ChatCompletionRequest.newBuilder()
                .addMessages(ChatMessage.newBuilder().setRole("user").setContent("hi"));
    }

    private static void allowed(Message request) {
        BoundsCheck.check(request);
    }

    private static void refused(String text, Message request) {
        assertEquals(text, refusal(request).text());
    }

    private static Failure refusal(Message request) {
        Failure failure = assertThrows(Failure.class, () -> BoundsCheck.check(request));
        assertEquals(FailureCode.INVALID_REQUEST, failure.code());
        return failure;
    }
}
