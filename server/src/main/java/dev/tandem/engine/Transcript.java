package dev.tandem.engine;

import dev.tandem.conversation.Content;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The rules by which messages become what a model is shown. Pure.
final class Transcript {
    /// What a call is told that nobody answered. Providers refuse a call without answer.
    static final String UNANSWERED = "This call was not answered.";

    private Transcript() {}

    /// The system prompt with the system and developer messages that open a request.
    static Optional<String> system(Optional<String> prompt, List<Message> messages) {
        String all =
                Stream.concat(prompt.stream(), opening(messages).stream().map(Message::text))
                        .filter(text -> !text.isBlank())
                        .collect(Collectors.joining("\n\n"));
        return Optional.of(all).filter(text -> !text.isEmpty());
    }

    /// The messages after the opening system and developer messages.
    static List<Message> conversation(List<Message> messages) {
        return messages.subList(opening(messages).size(), messages.size());
    }

    /// What a session keeps of a request: everything but system and developer messages.
    static List<Message> kept(List<Message> messages) {
        return messages.stream().filter(message -> !instructs(message)).toList();
    }

    private static List<Message> opening(List<Message> messages) {
        return messages.stream().takeWhile(Transcript::instructs).toList();
    }

    private static boolean instructs(Message message) {
        return message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER;
    }

    /// The same messages, with an answer for every call that has none before somebody speaks again.
    static List<Message> answered(List<Message> messages) {
        List<Message> whole = new ArrayList<>();
        Set<String> open = new LinkedHashSet<>();
        for (Message message : messages) {
            if (message.role() == Role.TOOL) {
                results(message).forEach(open::remove);
            } else if (!instructs(message)) {
                answerAll(open, whole);
                message.toolUses().forEach(use -> open.add(use.id()));
            }
            whole.add(message);
        }
        answerAll(open, whole);
        return whole;
    }

    private static Stream<String> results(Message message) {
        return message.content().stream()
                .filter(Content.ToolResult.class::isInstance)
                .map(content -> ((Content.ToolResult) content).toolUseId());
    }

    private static void answerAll(Set<String> open, List<Message> whole) {
        for (String call : open) {
            Content text = new Content.Text(UNANSWERED);
            whole.add(
                    new Message(
                            Role.TOOL, List.of(new Content.ToolResult(call, List.of(text), true))));
        }
        open.clear();
    }
}
