package dev.tandem.conversation;

import java.util.List;
import java.util.Optional;

/// One piece of a message.
public sealed interface Content {
    /// Text; may be empty.
    record Text(String text) implements Content {}

    /// A picture.
    ///
    /// @param detail how closely to look, in OpenAI's words; empty for the model's own choice
    record Image(Source source, Optional<String> detail) implements Content {}

    /// A document.
    record Document(Source source, Optional<String> filename) implements Content {}

    /// Sound.
    ///
    /// @param base64 the sound
    /// @param format `wav` or `mp3`
    record Audio(String base64, String format) implements Content {}

    /// What a model thought, as far as it is shown. Never sent back as text: the provider's own
    /// form travels in [Message#original()].
    record Reasoning(String text) implements Content {}

    /// A call of a tool that the client or this server runs.
    ///
    /// @param argumentsJson the arguments as JSON text, as the model wrote them; `{}` for none
    record ToolUse(String id, String name, String argumentsJson) implements Content {}

    /// The answer to a [ToolUse].
    record ToolResult(String toolUseId, List<Content> content, boolean failed) implements Content {
        public ToolResult {
            content = List.copyOf(content);
        }
    }

    /// Why a model declined.
    record Refusal(String text) implements Content {}

    /// Where the bytes of a picture or document are.
    sealed interface Source {
        /// In the message.
        ///
        /// @param mediaType such as `image/png`
        record Inline(String mediaType, String base64) implements Source {}

        /// On the web; the provider fetches it, never this server.
        ///
        /// @param url an `https` URL
        record Remote(String url) implements Source {}
    }
}
