package dev.tandem.provider.local;

import dev.tandem.conversation.Content;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import dev.tandem.failure.Failure;
import dev.tandem.provider.ModelRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/// A conversation as the turns that a small model understands: text, said by somebody.
record LocalPrompt(List<Turn> turns) {

    /// What a small model is told where nobody tells it anything: it wanders less.
    static final String SYSTEM = "You are a helpful AI assistant.";

    /// What one side said.
    record Turn(Role role, String text) {
        private boolean isSystem() {
            return role == Role.SYSTEM || role == Role.DEVELOPER;
        }
    }

    LocalPrompt {
        turns = List.copyOf(turns);
    }

    /// Reads a request.
    ///
    /// @throws Failure INVALID_REQUEST for pictures, documents and sound
    static LocalPrompt of(ModelRequest request) {
        List<Turn> turns = new ArrayList<>();
        request.system().ifPresent(system -> turns.add(turn(Role.SYSTEM, system)));
        for (Message message : request.messages()) {
            String text = text(message.content());
            if (!text.isBlank()) {
                turns.add(turn(message.role(), text));
            }
        }
        if (turns.stream().noneMatch(Turn::isSystem)) {
            turns.addFirst(turn(Role.SYSTEM, SYSTEM));
        }
        return new LocalPrompt(turns);
    }

    /// Everything, ready for the model to go on.
    String text(ChatTemplate template) {
        return turns.stream()
                        .map(turn -> template.turn(turn.role(), turn.text()))
                        .collect(Collectors.joining())
                + template.answerBegins();
    }

    /// The same without the oldest turns, so that the rest fits. What the system says stays, and
    /// the conversation begins with what is not the model's own.
    ///
    /// @param tokens counts the tokens of a text
    /// @throws Failure INVALID_REQUEST where not even the last turn fits
    LocalPrompt fitting(ChatTemplate template, ToIntFunction<String> tokens, int tokensMax) {
        int[] sizes =
                turns.stream()
                        .mapToInt(
                                turn -> tokens.applyAsInt(template.turn(turn.role(), turn.text())))
                        .toArray();
        int size = tokens.applyAsInt(template.answerBegins());
        for (int index = 0; index < sizes.length; index++) {
            size += sizes[index];
        }
        int kept = 0;
        for (; size > tokensMax && kept < sizes.length - 1; kept++) {
            size -= turns.get(kept).isSystem() ? 0 : sizes[kept];
        }
        if (size > tokensMax) {
            throw Failure.invalid(
                    "messages",
                    "the system prompt and the last message are "
                            + size
                            + " tokens, the model in this server reads at most "
                            + tokensMax
                            + ": shorten them or raise local.context-tokens");
        }
        return kept == 0 ? this : new LocalPrompt(from(kept));
    }

    private List<Turn> from(int first) {
        List<Turn> rest = new ArrayList<>();
        boolean begun = false;
        for (int index = 0; index < turns.size(); index++) {
            Turn turn = turns.get(index);
            begun |= index >= first && turn.role() == Role.USER;
            if (turn.isSystem() || begun || index == turns.size() - 1) {
                rest.add(turn);
            }
        }
        return rest;
    }

    /// A turn whose text cannot end it or begin another: no marker of a template survives in it.
    private static Turn turn(Role role, String text) {
        return new Turn(role, text.replace("<|", "< |").replace("_of_turn>", "_of_turn >"));
    }

    private static String text(List<Content> content) {
        return content.stream().map(LocalPrompt::text).collect(Collectors.joining());
    }

    private static String text(Content piece) {
        return switch (piece) {
            case Content.Text(String text) -> text;
            case Content.Refusal(String text) -> text;
            case Content.Reasoning _ -> "";
            case Content.ToolUse use -> "[" + use.name() + " " + use.argumentsJson() + "]";
            case Content.ToolResult result -> text(result.content());
            case Content.Image _ -> throw cannotRead("pictures");
            case Content.Document _ -> throw cannotRead("documents");
            case Content.Audio _ -> throw cannotRead("sound");
        };
    }

    private static Failure cannotRead(String what) {
        return Failure.invalid(
                "messages",
                "the model in this server reads text only, no " + what + ": choose another model");
    }
}
