package dev.tandem.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.conversation.Content;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TranscriptTest {
    private static final Message SYSTEM = Message.text(Role.SYSTEM, "be brief");
    private static final Message DEVELOPER = Message.text(Role.DEVELOPER, "in French");
    private static final Message QUESTION = Message.text(Role.USER, "hi");

    @Test
    void openingInstructionsFollowTheSystemPrompt() {
        List<Message> messages = List.of(SYSTEM, DEVELOPER, QUESTION, SYSTEM);

        assertEquals(
                Optional.of("you are Tandem\n\nbe brief\n\nin French"),
                Transcript.system(Optional.of("you are Tandem"), messages));
        assertEquals(List.of(QUESTION, SYSTEM), Transcript.conversation(messages));
    }

    @Test
    void noInstructionsAreNoSystemPrompt() {
        assertEquals(Optional.empty(), Transcript.system(Optional.of("  "), List.of(QUESTION)));
    }

    @Test
    void instructionsAreNotKept() {
        assertEquals(List.of(QUESTION), Transcript.kept(List.of(SYSTEM, QUESTION, DEVELOPER)));
    }

    @Test
    void callsWithoutAnswerGetOneBeforeSomebodySpeaksAgain() {
        Message calls = calls("a", "b");
        Message answer = answer("b");

        assertEquals(
                List.of(QUESTION, calls, answer, unanswered("a"), QUESTION),
                Transcript.answered(List.of(QUESTION, calls, answer, QUESTION)));
    }

    @Test
    void callsAtTheEndGetAnAnswerToo() {
        assertEquals(
                List.of(calls("a"), unanswered("a")), Transcript.answered(List.of(calls("a"))));
    }

    @Test
    void answeredCallsAreLeftAlone() {
        List<Message> whole = List.of(calls("a", "b"), answer("a"), answer("b"), QUESTION);

        assertEquals(whole, Transcript.answered(whole));
    }

    private static Message calls(String... ids) {
        return new Message(
                Role.ASSISTANT,
                List.of(ids).stream()
                        .<Content>map(id -> new Content.ToolUse(id, "f", "{}"))
                        .toList());
    }

    private static Message answer(String id) {
        return new Message(
                Role.TOOL,
                List.of(new Content.ToolResult(id, List.of(new Content.Text("ok")), false)));
    }

    private static Message unanswered(String id) {
        return new Message(
                Role.TOOL,
                List.of(
                        new Content.ToolResult(
                                id, List.of(new Content.Text(Transcript.UNANSWERED)), true)));
    }
}
