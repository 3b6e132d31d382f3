package dev.tandem.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// What people see of a result of Anthropic's own tools: its text, or else its JSON without the
/// encrypted parts, which are for the model alone and make most of a search result's bytes.
final class ShownResult {
    private ShownResult() {}

    static String of(JsonNode content) {
        if (content.isTextual()) {
            return content.asText();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode block : content) {
            if (!block.path("type").asText("").equals("text")) {
                return withoutEncrypted(content).toString();
            }
            texts.add(block.path("text").asText(""));
        }
        return content.isArray() ? String.join("\n", texts) : withoutEncrypted(content).toString();
    }

    private static JsonNode withoutEncrypted(JsonNode content) {
        JsonNode shown = content.deepCopy();
        strip(shown);
        return shown;
    }

    private static void strip(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().removeIf(field -> field.getKey().startsWith("encrypted_"));
        }
        node.forEach(ShownResult::strip);
    }
}
