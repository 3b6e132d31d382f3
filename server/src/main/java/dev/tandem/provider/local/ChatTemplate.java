package dev.tandem.provider.local;

import dev.tandem.conversation.Role;

/// How a family of models wants turns to be written.
enum ChatTemplate {
    /// SmolLM, Qwen, Hermes and many others.
    CHATML("<|im_start|>", "\n", "<|im_end|>\n"),
    /// Llama 3 and later.
    LLAMA3("<|start_header_id|>", "<|end_header_id|>\n\n", "<|eot_id|>"),
    /// Gemma, which knows no system role and calls the assistant `model`.
    GEMMA("<start_of_turn>", "\n", "<end_of_turn>\n");

    private final String opening;
    private final String afterRole;
    private final String closing;

    ChatTemplate(String opening, String afterRole, String closing) {
        this.opening = opening;
        this.afterRole = afterRole;
        this.closing = closing;
    }

    /// The one that a model file's own template shows; ChatML where it shows none of them.
    ///
    /// @param source the Jinja template of the file
    static ChatTemplate of(String source) {
        for (ChatTemplate template : values()) {
            if (source.contains(template.opening)) {
                return template;
            }
        }
        return CHATML;
    }

    /// A whole turn.
    String turn(Role role, String text) {
        return opening + word(role) + afterRole + text + closing;
    }

    /// The beginning of the turn that the model is to write.
    String answerBegins() {
        return opening + word(Role.ASSISTANT) + afterRole;
    }

    private String word(Role role) {
        return switch (role) {
            case SYSTEM, DEVELOPER -> this == GEMMA ? "user" : "system";
            case USER, TOOL -> "user";
            case ASSISTANT -> this == GEMMA ? "model" : "assistant";
        };
    }
}
