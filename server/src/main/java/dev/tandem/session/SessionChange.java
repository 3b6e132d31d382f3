package dev.tandem.session;

import java.util.Optional;
import java.util.function.UnaryOperator;

/// What to change in a session. For each field: empty leaves it, an empty text clears it.
public record SessionChange(
        Optional<String> title, Optional<String> model, Optional<String> systemPrompt) {

    public Optional<String> titleOver(Optional<String> before) {
        return over(title).apply(before);
    }

    public Optional<String> modelOver(Optional<String> before) {
        return over(model).apply(before);
    }

    public Optional<String> systemPromptOver(Optional<String> before) {
        return over(systemPrompt).apply(before);
    }

    private static UnaryOperator<Optional<String>> over(Optional<String> change) {
        return before -> change.isEmpty() ? before : change.filter(text -> !text.isEmpty());
    }
}
