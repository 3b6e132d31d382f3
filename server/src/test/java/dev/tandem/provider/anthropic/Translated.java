package dev.tandem.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.conversation.Content;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Recorded messages in our words, for requests that repeat recorded ones.
final class Translated {
    private Translated() {}

    /// A user's message: text, images and results of tools.
    static Message user(JsonNode message) {
        return new Message(Role.USER, contents(message.path("content")));
    }

    private static List<Content> contents(JsonNode content) {
        if (content.isTextual()) {
            return List.of(new Content.Text(content.asText()));
        }
        List<Content> contents = new ArrayList<>();
        content.forEach(block -> contents.add(content(block)));
        return contents;
    }

    private static Content content(JsonNode block) {
        return switch (block.path("type").asText()) {
            case "text" -> new Content.Text(block.path("text").asText());
            case "image" ->
                    new Content.Image(
                            new Content.Source.Inline(
                                    block.path("source").path("media_type").asText(),
                                    block.path("source").path("data").asText()),
                            Optional.empty());
            case "tool_result" ->
                    new Content.ToolResult(
                            block.path("tool_use_id").asText(),
                            contents(block.path("content")),
                            block.path("is_error").asBoolean());
            default -> throw new IllegalArgumentException(block.toString());
        };
    }
}
