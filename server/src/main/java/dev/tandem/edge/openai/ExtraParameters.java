package dev.tandem.edge.openai;

import dev.tandem.edge.json.JsonIn;
import dev.tandem.edge.json.JsonKind;
import dev.tandem.v1.ChatCompletionRequest;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

/// Parameters that travel by name, because only some models know them. The values that every model
/// honours by doing nothing are left out.
final class ExtraParameters {
    private static final Map<String, Rule> RULES =
            Map.ofEntries(
                    Map.entry("n", whole(1, 128, "1")),
                    Map.entry("logprobs", Rule.of(JsonKind.BOOLEAN, "false")),
                    Map.entry("top_logprobs", whole(0, 20, "0")),
                    Map.entry("frequency_penalty", number(-2, 2, "0")),
                    Map.entry("presence_penalty", number(-2, 2, "0")),
                    Map.entry("logit_bias", Rule.of(JsonKind.OBJECT, "{}")),
                    Map.entry("seed", whole(Long.MIN_VALUE, Long.MAX_VALUE, "")),
                    Map.entry("user", Rule.of(JsonKind.STRING, "")),
                    Map.entry("store", Rule.of(JsonKind.BOOLEAN, "false")),
                    Map.entry("service_tier", Rule.of(JsonKind.STRING, "\"auto\"")),
                    Map.entry("verbosity", Rule.of(JsonKind.STRING, "\"medium\"")),
                    Map.entry("modalities", Rule.of(JsonKind.ARRAY, "[\"text\"]")),
                    Map.entry("audio", Rule.of(JsonKind.OBJECT, "")),
                    Map.entry("prediction", Rule.of(JsonKind.OBJECT, "")),
                    Map.entry("web_search_options", Rule.of(JsonKind.OBJECT, "")),
                    Map.entry("safety_identifier", Rule.of(JsonKind.STRING, "")),
                    Map.entry("prompt_cache_key", Rule.of(JsonKind.STRING, "")),
                    Map.entry("prompt_cache_retention", Rule.of(JsonKind.STRING, "")),
                    Map.entry("prompt_cache_options", Rule.of(JsonKind.OBJECT, "")),
                    Map.entry("moderation", Rule.of(JsonKind.OBJECT, "")));

    private ExtraParameters() {}

    /// What a parameter must be.
    ///
    /// @param whole whether a number must be whole
    /// @param neutral the value that changes nothing, as JSON without spaces; empty where none does
    private record Rule(JsonKind kind, boolean whole, long min, long max, String neutral) {
        static Rule of(JsonKind kind, String neutral) {
            return new Rule(kind, false, Long.MIN_VALUE, Long.MAX_VALUE, neutral);
        }

        boolean isNeutral(String json) {
            return !neutral.isEmpty()
                    && (kind == JsonKind.NUMBER
                            ? new BigDecimal(json).compareTo(new BigDecimal(neutral)) == 0
                            : json.replaceAll("\\s", "").equals(neutral));
        }
    }

    private static Rule whole(long min, long max, String neutral) {
        return new Rule(JsonKind.NUMBER, true, min, max, neutral);
    }

    private static Rule number(long min, long max, String neutral) {
        return new Rule(JsonKind.NUMBER, false, min, max, neutral);
    }

    /// Reads the parameter here, if it is one of these.
    static boolean read(JsonIn in, ChatCompletionRequest.Builder into) {
        String name = in.key();
        Optional<Rule> rule = Optional.ofNullable(RULES.get(name));
        rule.ifPresent(known -> read(in, name, known, into));
        return rule.isPresent();
    }

    private static void read(
            JsonIn in, String name, Rule rule, ChatCompletionRequest.Builder into) {
        check(in, rule);
        String json = in.json();
        if (!rule.isNeutral(json)) {
            into.putExtraParametersJson(name, json);
        }
    }

    private static void check(JsonIn in, Rule rule) {
        if (in.kind() != rule.kind()) {
            throw in.wrong(rule.kind().words());
        }
        if (rule.whole()) {
            in.whole(rule.min(), rule.max());
        } else if (rule.kind() == JsonKind.NUMBER) {
            double value = in.float64();
            if (value < rule.min() || value > rule.max()) {
                throw in.failure("must be from " + rule.min() + " to " + rule.max());
            }
        }
    }
}
