package dev.tandem.mcp;

import dev.tandem.conversation.Content;
import java.util.List;
import java.util.Optional;

/// What a tool has answered.
///
/// @param structuredJson the same as JSON text, where the tool has a schema for it
/// @param failed whether the tool says that it failed; the content then says why
public record McpAnswer(List<Content> content, Optional<String> structuredJson, boolean failed) {
    public McpAnswer {
        content = List.copyOf(content);
    }
}
