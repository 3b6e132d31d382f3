package dev.tandem.provider.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.tandem.failure.Failure;
import dev.tandem.provider.ModelRequest;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The further parameters of OpenAI's request. Each is translated, passes silently because its
/// value asks for nothing, is refused because without it the answer would be another, or is left
/// out and reported.
final class AnthropicExtras {
    /// More would be a 400.
    private static final int USER_ID_MAX = 256;

    private final Set<String> ignored;
    private Optional<String> userId = Optional.empty();
    private Optional<String> serviceTier = Optional.empty();

    AnthropicExtras(ModelRequest.Options options, Set<String> ignored) {
        this.ignored = ignored;
        for (Map.Entry<String, String> extra : new TreeMap<>(options.extraJson()).entrySet()) {
            JsonNode value = parse(extra.getKey(), extra.getValue());
            if (!value.isNull()) {
                take(extra.getKey(), value);
            }
        }
        if (userId.isEmpty()) {
            userId = Optional.ofNullable(options.metadata().get("user_id")).filter(this::fits);
        }
    }

    void write(JsonGenerator json) throws IOException {
        if (userId.isPresent()) {
            json.writeObjectFieldStart("metadata");
            json.writeStringField("user_id", userId.get());
            json.writeEndObject();
        }
        if (serviceTier.isPresent()) {
            json.writeStringField("service_tier", serviceTier.get());
        }
    }

    private void take(String name, JsonNode value) {
        switch (name) {
            case "n" -> refuseUnless(value.asInt(0) == 1, name, "one answer at a time");
            case "logprobs" -> refuseUnless(isFalse(value), name, "no log probabilities");
            case "top_logprobs" -> refuseUnless(value.asInt(1) == 0, name, "no log probabilities");
            case "modalities" -> refuseUnless(isTextOnly(value), name, "text only");
            case "audio" -> refuseUnless(false, name, "text only");
            case "frequency_penalty", "presence_penalty" ->
                    reportUnless(value.isNumber() && value.asDouble() == 0.0, name);
            case "logit_bias" -> reportUnless(value.isObject() && value.isEmpty(), name);
            case "store" -> reportUnless(isFalse(value), name);
            case "verbosity" -> reportUnless(value.asText("").equals("medium"), name);
            case "user", "safety_identifier" -> takeUser(name, value);
            case "service_tier" -> takeServiceTier(name, value.asText(""));
            default -> ignored.add(name);
        }
    }

    private void takeUser(String name, JsonNode value) {
        if (value.isTextual() && fits(value.asText())) {
            userId = Optional.of(value.asText());
        } else {
            ignored.add(name);
        }
    }

    /// `auto` is what Anthropic does anyway; `default` means no more than the ordinary tier.
    private void takeServiceTier(String name, String tier) {
        switch (tier) {
            case "auto" -> serviceTier = Optional.empty();
            case "default", "standard_only" -> serviceTier = Optional.of("standard_only");
            default -> ignored.add(name);
        }
    }

    private boolean fits(String user) {
        return !user.isBlank() && user.length() <= USER_ID_MAX;
    }

    private void reportUnless(boolean neutral, String name) {
        if (!neutral) {
            ignored.add(name);
        }
    }

    private static void refuseUnless(boolean neutral, String name, String what) {
        if (!neutral) {
            throw Failure.invalid(name, name + " is not supported: Claude gives " + what);
        }
    }

    private static boolean isFalse(JsonNode value) {
        return value.isBoolean() && !value.asBoolean();
    }

    private static boolean isTextOnly(JsonNode value) {
        return value.size() == 1 && value.path(0).asText("").equals("text");
    }

    private static JsonNode parse(String name, String json) {
        try {
            JsonNode value = Json.MAPPER.readTree(json);
            return value == null ? NullNode.getInstance() : value;
        } catch (IOException broken) {
            throw Failure.invalid(name, name + " is not JSON");
        }
    }
}
