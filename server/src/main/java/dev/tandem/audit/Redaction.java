package dev.tandem.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Arguments of a call without what looks like a secret, and not longer than they may be. A guess,
/// and a careful one: rather too much is hidden than too little.
final class Redaction {
    /// Numbers stay as they were written.
    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private final int stringCharsMax;

    private Redaction(int stringCharsMax) {
        this.stringCharsMax = stringCharsMax;
    }

    /// The text of a JSON value, redacted, as JSON again. Where it stays too long, its strings are
    /// cut; where that is not enough, its beginning is kept as a string.
    static String of(String json, int bytesMax) {
        try {
            JsonNode whole = JSON.readTree(json);
            String text = new Redaction(Integer.MAX_VALUE).written(whole);
            if (bytes(text) > bytesMax) {
                text = new Redaction(bytesMax / 16).written(whole);
            }
            return bytes(text) > bytesMax ? beginning(text, bytesMax) : text;
        } catch (JsonProcessingException notJson) {
            return "null";
        }
    }

    private String written(JsonNode whole) throws JsonProcessingException {
        return JSON.writeValueAsString(clean(whole));
    }

    private JsonNode clean(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode cleaned = JSON.createObjectNode();
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                cleaned.set(field.getKey(), clean(field.getKey(), field.getValue()));
            }
            return cleaned;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode cleaned = JSON.createArrayNode();
            array.forEach(element -> cleaned.add(clean(element)));
            return cleaned;
        }
        return node.isTextual() ? TextNode.valueOf(cut(Secrets.hide(node.asText()))) : node;
    }

    private JsonNode clean(String name, JsonNode value) {
        boolean telling = !value.isNull() && !value.isBoolean();
        return telling && Secrets.isNamed(name, value.isNumber())
                ? TextNode.valueOf(Secrets.HIDDEN)
                : clean(value);
    }

    private String cut(String text) {
        if (text.length() <= stringCharsMax) {
            return text;
        }
        int left = text.length() - stringCharsMax;
        return text.substring(0, stringCharsMax) + "… (" + left + " characters more)";
    }

    /// Escaping at most doubles what is plain text, so a third of the room is always enough.
    private static String beginning(String text, int bytesMax) throws JsonProcessingException {
        String start = text.substring(0, Math.min(text.length(), bytesMax / 3));
        String written = JSON.writeValueAsString(start);
        while (bytes(written) > bytesMax) {
            start = start.substring(0, start.length() / 2);
            written = JSON.writeValueAsString(start);
        }
        return written;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
