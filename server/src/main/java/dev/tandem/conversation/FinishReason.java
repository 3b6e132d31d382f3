package dev.tandem.conversation;

import java.util.Locale;

/// Why a model stopped, in OpenAI's words.
public enum FinishReason {
    /// It was done, or produced one of the texts that end an answer.
    STOP,
    /// It reached the most tokens it may produce, or the end of its context.
    LENGTH,
    /// It calls tools that the client must answer.
    TOOL_CALLS,
    /// It declined.
    CONTENT_FILTER;

    private final String word = name().toLowerCase(Locale.ROOT);

    public String word() {
        return word;
    }

    /// The reason that a word stands for.
    ///
    /// @throws IllegalArgumentException for a word that is none
    public static FinishReason of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
