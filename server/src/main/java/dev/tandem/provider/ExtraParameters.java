package dev.tandem.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What becomes of OpenAI's parameters that a model does not know,
/// [ModelRequest.Options#extraJson()]: neutral values pass, what would change the shape of the
/// answer is refused, the rest is left out and reported.
public final class ExtraParameters {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> SHAPES_THE_ANSWER =
            Set.of("n", "logprobs", "top_logprobs", "audio", "modalities");

    private ExtraParameters() {}

    /// The names that are left out, sorted.
    ///
    /// @param known parameters that the model honours
    /// @throws Failure INVALID_REQUEST for one whose absence would change the shape of the answer
    public static List<String> leftOut(Map<String, String> extraJson, Set<String> known) {
        List<String> names = new ArrayList<>();
        extraJson.forEach(
                (name, json) -> {
                    if (known.contains(name) || isNeutral(name, parse(name, json))) {
                        return;
                    }
                    if (SHAPES_THE_ANSWER.contains(name)) {
                        throw Failure.invalid(
                                name,
                                name
                                        + " "
                                        + json
                                        + " is not possible with this model: leave it out");
                    }
                    names.add(name);
                });
        return names.stream().sorted().toList();
    }

    private static boolean isNeutral(String name, JsonNode value) {
        if (value.isNull()) {
            return true;
        }
        return switch (name) {
            case "n" -> value.asDouble() == 1;
            case "modalities" -> value.size() == 1 && value.get(0).asText().equals("text");
            case "logprobs", "store" -> value.isBoolean() && !value.asBoolean();
            case "top_logprobs", "presence_penalty", "frequency_penalty" ->
                    value.isNumber() && value.asDouble() == 0;
            case "logit_bias" -> value.isEmpty();
            case "service_tier" -> Set.of("auto", "default").contains(value.asText());
            default -> false;
        };
    }

    private static JsonNode parse(String name, String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(name + " is not JSON: " + json, malformed);
        }
    }
}
