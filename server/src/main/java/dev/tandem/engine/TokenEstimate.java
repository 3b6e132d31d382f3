package dev.tandem.engine;

import dev.tandem.conversation.Content;
import dev.tandem.conversation.Message;

/// Guesses tokens where nobody has counted them: four characters are about one.
final class TokenEstimate {
    private static final int CHARS_PER_TOKEN = 4;

    private TokenEstimate() {}

    static long ofCharacters(long characters) {
        return (characters + CHARS_PER_TOKEN - 1) / CHARS_PER_TOKEN;
    }

    static long of(Message message) {
        return ofCharacters(message.content().stream().mapToLong(TokenEstimate::characters).sum());
    }

    private static long characters(Content content) {
        return switch (content) {
            case Content.Text(String text) -> text.length();
            case Content.Reasoning(String text) -> text.length();
            case Content.Refusal(String text) -> text.length();
            case Content.ToolUse use -> use.name().length() + use.argumentsJson().length();
            case Content.ToolResult result ->
                    result.content().stream().mapToLong(TokenEstimate::characters).sum();
            case Content.Image _, Content.Document _, Content.Audio _ -> 0;
        };
    }
}
