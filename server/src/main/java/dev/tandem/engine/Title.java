package dev.tandem.engine;

import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import java.util.List;
import java.util.Optional;

/// Names a session after what it was begun with.
final class Title {
    private static final int CODE_POINTS_MAX = 60;

    private Title() {}

    /// The beginning of the first user message, in one line.
    static Optional<String> of(List<Message> questions) {
        return questions.stream()
                .filter(message -> message.role() == Role.USER)
                .map(message -> message.text().strip().replaceAll("\\s+", " "))
                .filter(text -> !text.isEmpty())
                .map(Title::shortened)
                .findFirst();
    }

    private static String shortened(String text) {
        if (text.codePointCount(0, text.length()) <= CODE_POINTS_MAX) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, CODE_POINTS_MAX)).strip();
    }
}
