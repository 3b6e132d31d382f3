package dev.tandem.plugin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.conversation.Content;
import dev.tandem.tool.ToolOutput;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What webhooks answer, in the words of this server: `{content | text | structured, is_error}`,
/// any other JSON, or text.
final class WebhookAnswer {
    private static final int ERROR_CHARS_MAX = 2000;

    private WebhookAnswer() {}

    /// @param name the webhook's
    /// @param text the body
    static ToolOutput read(String name, int status, HttpHeaders headers, String text) {
        if (status / 100 != 2) {
            return ToolOutput.failure(
                    "The webhook %s answered with the status %d: %s"
                            .formatted(name, status, Shortened.text(text, ERROR_CHARS_MAX)));
        }
        String type = headers.firstValue("content-type").orElse("text/plain");
        String plain = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (plain.equals("application/json") || plain.endsWith("+json")) {
            return json(name, text);
        }
        return plain.startsWith("text/")
                ? output(texts(text), Optional.empty(), false)
                : ToolOutput.failure(
                        "The webhook %s answered with %s, which is neither JSON nor text."
                                .formatted(name, Shortened.text(plain, 100)));
    }

    private static ToolOutput json(String name, String text) {
        try {
            JsonNode answer = ArgumentsSchema.JSON.readTree(text);
            boolean ours = answer.has("content") || answer.has("text") || answer.has("structured");
            return ours ? words(answer) : output(texts(text), Optional.empty(), isError(answer));
        } catch (JsonProcessingException malformed) {
            return ToolOutput.failure(
                    "The webhook " + name + " answered with what is called JSON and is none.");
        }
    }

    private static ToolOutput words(JsonNode answer) {
        List<Content> content = new ArrayList<>();
        JsonNode pieces = answer.path("content");
        if (pieces.isTextual()) {
            content.add(new Content.Text(pieces.asText()));
        }
        if (pieces.isArray()) {
            pieces.forEach(piece -> content.add(piece(piece)));
        }
        if (answer.path("text").isTextual()) {
            content.add(new Content.Text(answer.path("text").asText()));
        }
        JsonNode structured = answer.path("structured");
        Optional<String> whole =
                structured.isObject() ? Optional.of(structured.toString()) : Optional.empty();
        if (content.isEmpty() && !structured.isMissingNode()) {
            content.add(new Content.Text(structured.toString()));
        }
        return output(content, whole, isError(answer));
    }

    private static boolean isError(JsonNode answer) {
        return answer.path("is_error").asBoolean();
    }

    /// A piece of content as MCP has it; what has no word here is handed on as the JSON that it is.
    private static Content piece(JsonNode piece) {
        return switch (piece.path("type").asText()) {
            case "text" -> new Content.Text(piece.path("text").asText());
            case "image" ->
                    new Content.Image(
                            new Content.Source.Inline(
                                    piece.path("mimeType").asText(), piece.path("data").asText()),
                            Optional.empty());
            default -> new Content.Text(piece.isTextual() ? piece.asText() : piece.toString());
        };
    }

    private static List<Content> texts(String text) {
        return text.isEmpty() ? List.of() : List.of(new Content.Text(text));
    }

    private static ToolOutput output(
            List<Content> content, Optional<String> structured, boolean failed) {
        return new ToolOutput(content, structured, failed, Optional.empty());
    }
}
