package dev.tandem.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.conversation.Content;
import java.util.Optional;

/// A piece of a tool's answer, from MCP's JSON to the words of a conversation.
final class McpContent {
    private McpContent() {}

    /// What a conversation has no word for is handed on as the JSON that it is, unless it is bytes.
    static Content of(JsonNode piece) {
        return switch (piece.path("type").asText()) {
            case "text" -> new Content.Text(piece.path("text").asText());
            case "image", "audio" ->
                    bytes(piece.path("mimeType").asText(), piece.path("data").asText(), "");
            case "resource" -> resource(piece.path("resource"), piece);
            default -> new Content.Text(piece.toString());
        };
    }

    private static Content resource(JsonNode resource, JsonNode piece) {
        JsonNode text = resource.path("text");
        if (text.isTextual()) {
            return new Content.Text(text.asText());
        }
        JsonNode blob = resource.path("blob");
        return blob.isTextual()
                ? bytes(
                        resource.path("mimeType").asText(),
                        blob.asText(),
                        resource.path("uri").asText())
                : new Content.Text(piece.toString());
    }

    private static Content bytes(String mediaType, String base64, String uri) {
        if (mediaType.startsWith("image/")) {
            return new Content.Image(
                    new Content.Source.Inline(mediaType, base64), Optional.empty());
        }
        return switch (mediaType) {
            case "application/pdf" ->
                    new Content.Document(
                            new Content.Source.Inline(mediaType, base64), Optional.empty());
            case "audio/wav", "audio/x-wav" -> new Content.Audio(base64, "wav");
            case "audio/mpeg", "audio/mp3" -> new Content.Audio(base64, "mp3");
            default ->
                    new Content.Text(
                            "(%s, %d characters of base64)"
                                    .formatted((mediaType + " " + uri).strip(), base64.length()));
        };
    }
}
