package dev.tandem.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.conversation.Content;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AnswerBuilderTest {
    private final AnswerBuilder answer = new AnswerBuilder();

    @Test
    void joinsPiecesAndKeepsCallsApart() {
        answer.add(new RunEvent.Reasoning("h"));
        answer.add(new RunEvent.Reasoning("m"));
        answer.add(new RunEvent.Text("a"));
        answer.add(new RunEvent.ToolCall(0, "c0", "f"));
        answer.add(new RunEvent.ToolCall(1, "c1", "g"));
        answer.add(new RunEvent.ToolArguments(1, "{\"x\":"));
        answer.add(new RunEvent.Text("b"));
        answer.add(new RunEvent.ToolArguments(1, "1}"));

        assertEquals(
                new Message(
                        Role.ASSISTANT,
                        List.of(
                                new Content.Reasoning("hm"),
                                new Content.Text("ab"),
                                new Content.ToolUse("c0", "f", "{}"),
                                new Content.ToolUse("c1", "g", "{\"x\":1}"))),
                answer.message(Optional.empty()));
    }

    @Test
    void whatIsSaidSoFarCanBeAppendedTo() {
        answer.add(new RunEvent.ToolCall(0, "c0", "f"));
        answer.add(new RunEvent.ToolCall(1, "c1", "g"));
        answer.add(new RunEvent.ToolArguments(1, "{\"x\":"));

        assertEquals(
                List.of(
                        new Content.ToolUse("c0", "f", ""),
                        new Content.ToolUse("c1", "g", "{\"x\":")),
                answer.soFar().toolUses());
        assertEquals(List.of(0), answer.callsWithoutArguments());
    }

    @Test
    void aFragmentHasNoCalls() {
        answer.add(new RunEvent.Text("half"));
        answer.add(new RunEvent.ToolCall(0, "c0", "f"));

        assertEquals("half", answer.fragment().orElseThrow().text());
        assertTrue(answer.fragment().orElseThrow().toolUses().isEmpty());
    }

    @Test
    void nothingSaidIsNoFragment() {
        assertEquals(Optional.empty(), answer.fragment());
        assertTrue(answer.isEmpty());
    }
}
