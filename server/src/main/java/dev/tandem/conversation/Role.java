package dev.tandem.conversation;

import java.util.Locale;

/// Who speaks.
public enum Role {
    SYSTEM,
    DEVELOPER,
    USER,
    ASSISTANT,
    TOOL;

    private final String word = name().toLowerCase(Locale.ROOT);

    /// The word of OpenAI's contract, such as `assistant`.
    public String word() {
        return word;
    }
}
