package dev.tandem.tool;

import dev.tandem.conversation.Content;
import java.util.List;
import java.util.Optional;

/// What a tool has answered.
///
/// @param structuredJson the same as JSON text, where the tool has a schema for it
/// @param failed whether the tool says that it failed; the content then says why
/// @param json the answer as MCP's `CallToolResult`, where it came as one: it holds what `content`
///     has no word for
public record ToolOutput(
        List<Content> content,
        Optional<String> structuredJson,
        boolean failed,
        Optional<String> json) {
    public ToolOutput {
        content = List.copyOf(content);
    }

    /// An answer of nothing but text.
    public static ToolOutput text(String text) {
        return new ToolOutput(
                List.of(new Content.Text(text)), Optional.empty(), false, Optional.empty());
    }

    /// A failure, told to the model as the tool's answer.
    public static ToolOutput failure(String why) {
        return new ToolOutput(
                List.of(new Content.Text(why)), Optional.empty(), true, Optional.empty());
    }
}
