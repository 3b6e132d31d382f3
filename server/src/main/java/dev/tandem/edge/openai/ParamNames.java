package dev.tandem.edge.openai;

import dev.tandem.failure.Failure;
import java.util.LinkedHashMap;
import java.util.Map;

/// Names fields of the contract as OpenAI's clients know them: `messages[0].parts[1].image.url` is
/// their `messages[0].content[1].image_url.url`.
final class ParamNames {
    private static final Map<String, String> REPLACEMENTS = new LinkedHashMap<>();

    static {
        REPLACEMENTS.put("^idempotency_key$", "Idempotency-Key");
        REPLACEMENTS.put("\\.parts\\[", ".content[");
        REPLACEMENTS.put("]\\.image\\b", "].image_url");
        REPLACEMENTS.put("]\\.audio\\b", "].input_audio");
        REPLACEMENTS.put("]\\.file\\.url$", "].file.file_data");
        REPLACEMENTS.put(
                "(tools|tool_calls)(\\[\\d+])\\.(name|strict|description)$", "$1$2.function.$3");
        REPLACEMENTS.put("(tools\\[\\d+])\\.parameters(_json)?$", "$1.function.parameters");
        REPLACEMENTS.put("(tool_calls\\[\\d+])\\.arguments(_json)?$", "$1.function.arguments");
        REPLACEMENTS.put(
                "^response_format\\.schema(_json)?$", "response_format.json_schema.schema");
        REPLACEMENTS.put(
                "^response_format\\.(name|strict|description)$", "response_format.json_schema.$1");
        REPLACEMENTS.put("^extra_parameters(?:_json)?(?:\\.|\\[\"?)([a-z_]+)\"?]?$", "$1");
    }

    private ParamNames() {}

    static String openAi(String param) {
        String name = param;
        for (Map.Entry<String, String> each : REPLACEMENTS.entrySet()) {
            name = name.replaceAll(each.getKey(), each.getValue());
        }
        return name;
    }

    /// The same failure, naming the field as the sender of the request knows it.
    static Failure openAi(Failure failure, ChatCall chat) {
        return failure.param()
                .map(param -> param.equals("max_tokens") ? chat.maxTokensName() : openAi(param))
                .filter(name -> !name.equals(failure.param().orElseThrow()))
                .map(failure::at)
                .orElse(failure);
    }
}
