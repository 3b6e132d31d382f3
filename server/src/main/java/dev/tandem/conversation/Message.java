package dev.tandem.conversation;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What one side said in one turn.
///
/// @param name a name for the speaker, where one was given
/// @param original the message in the provider's own form, to be sent back unchanged to the same
///     provider and model (it holds what no other form can: signatures of thoughts, results of
///     tools that the provider ran); empty for messages that no provider wrote
public record Message(
        Role role, List<Content> content, Optional<String> name, Optional<Original> original) {

    /// A provider's own form of a message.
    ///
    /// @param provider the provider that wrote it
    /// @param model the model that wrote it, in the provider's name
    /// @param json its content as JSON text
    public record Original(String provider, String model, String json) {}

    public Message {
        content = List.copyOf(content);
    }

    public Message(Role role, List<Content> content) {
        this(role, content, Optional.empty(), Optional.empty());
    }

    /// A message of nothing but text.
    public static Message text(Role role, String text) {
        return new Message(role, List.of(new Content.Text(text)));
    }

    /// All its text in one, without reasoning and refusals.
    public String text() {
        if (content.size() == 1 && content.getFirst() instanceof Content.Text(String text)) {
            return text;
        }
        return content.stream()
                .map(piece -> piece instanceof Content.Text(String text) ? text : "")
                .collect(Collectors.joining());
    }

    /// The calls in it, in order.
    public List<Content.ToolUse> toolUses() {
        return content.stream()
                .filter(Content.ToolUse.class::isInstance)
                .map(Content.ToolUse.class::cast)
                .toList();
    }

    /// What was thought, in one text; empty where nothing is shown.
    public String reasoning() {
        return content.stream()
                .map(piece -> piece instanceof Content.Reasoning(String text) ? text : "")
                .collect(Collectors.joining());
    }

    /// Why the model declined, where it said so.
    public Optional<String> refusal() {
        return content.stream()
                .filter(Content.Refusal.class::isInstance)
                .map(piece -> ((Content.Refusal) piece).text())
                .findFirst();
    }
}
