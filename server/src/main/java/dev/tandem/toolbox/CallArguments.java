package dev.tandem.toolbox;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.audit.Sha256;

/// The arguments of a call, as the model wrote them.
///
/// @param json the text; `{}` where the model wrote nothing
/// @param isObject whether it is a JSON object
record CallArguments(String json, boolean isObject) {
    private static final ObjectMapper JSON =
            new ObjectMapper()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    static CallArguments of(String text) {
        String json = text.isBlank() ? "{}" : text;
        return new CallArguments(json, isObject(json));
    }

    /// SHA-256 of the text.
    String hash() {
        return Sha256.of(json);
    }

    /// A field that stands twice is refused: who judges and who runs the call could each see
    /// another of the two.
    private static boolean isObject(String json) {
        try {
            JsonNode value = JSON.readTree(json);
            return value != null && value.isObject();
        } catch (JsonProcessingException notJson) {
            return false;
        }
    }
}
