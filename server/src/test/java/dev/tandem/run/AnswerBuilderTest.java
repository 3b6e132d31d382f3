package dev.tandem.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.conversation.Content;
import dev.tandem.conversation.Message.Original;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import dev.tandem.conversation.Usage;
import java.time.Duration;
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
                answer.message());
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

        assertEquals("half", answer.fragments().getFirst().text());
        assertTrue(answer.fragments().getFirst().toolUses().isEmpty());
    }

    @Test
    void turnsAreOneMessageForAClientAndSeveralForTheSession() {
        answer.add(new RunEvent.Text("Look."));
        answer.add(new RunEvent.ServerCall("s0", "fs__read", "fs", "read"));
        answer.add(new RunEvent.ServerArguments("s0", "{\"p\":1}"));
        answer.add(new RunEvent.ToolUse("s0", "fs__read", "{\"p\":1}"));
        answer.add(result("s0", "found"));
        Original original = new Original("p", "m", "[]");
        answer.add(new RunEvent.TurnStarted(2, Usage.NONE, Optional.of(original)));
        answer.add(new RunEvent.Text(RunEvent.TURN_BREAK + "There."));

        assertEquals("Look.\n\nThere.", answer.message().text());
        assertEquals(List.of(), answer.message().toolUses());
        assertEquals(
                List.of(
                        new Message(
                                Role.ASSISTANT,
                                List.of(
                                        new Content.Text("Look."),
                                        new Content.ToolUse("s0", "fs__read", "{\"p\":1}")),
                                Optional.empty(),
                                Optional.of(original)),
                        new Message(
                                Role.TOOL,
                                List.of(
                                        new Content.ToolResult(
                                                "s0", List.of(new Content.Text("found")), false))),
                        Message.text(Role.ASSISTANT, "There.")),
                answer.messages(Optional.empty()));
        assertEquals(3, answer.fragments().size());
    }

    @Test
    void ofATurnThatWasCutOffAnsweredCallsAreKept() {
        answer.add(new RunEvent.ServerCall("s0", "fs__read", "fs", "read"));
        answer.add(new RunEvent.ServerCall("s1", "fs__write", "fs", "write"));
        answer.add(result("s0", "found"));

        assertEquals(
                List.of(Role.ASSISTANT, Role.TOOL),
                answer.fragments().stream().map(Message::role).toList());
        assertEquals(
                List.of(new Content.ToolUse("s0", "fs__read", "{}")),
                answer.fragments().getFirst().toolUses());
    }

    private static RunEvent result(String id, String text) {
        return new RunEvent.ToolResult(
                id,
                "fs__read",
                text,
                List.of(new Content.Text(text)),
                false,
                Optional.of(Duration.ofMillis(3)));
    }

    @Test
    void nothingSaidIsNoFragment() {
        assertEquals(List.of(), answer.fragments());
        assertTrue(answer.isEmpty());
    }
}
