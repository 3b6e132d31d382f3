package dev.tandem.edge.openai;

import dev.tandem.edge.json.JsonIn;
import dev.tandem.edge.json.JsonKind;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.ResponseFormat;
import java.util.Set;

/// Reads `response_format`.
final class ResponseFormatReader {
    private static final String SCHEMA = "json_schema";
    private static final Set<String> TYPES = Set.of("text", "json_object", SCHEMA);

    private ResponseFormatReader() {}

    static void read(JsonIn in, IgnoredParameters ignored, ChatCompletionRequest.Builder request) {
        ResponseFormat.Builder format = ResponseFormat.newBuilder();
        in.enterObject();
        while (in.nextKey()) {
            switch (in.isNull() ? "" : in.key()) {
                case "type" -> format.setType(in.string());
                case SCHEMA -> schema(in, ignored, format);
                default -> ChatMessageReader.ignore(in, ignored);
            }
        }
        if (!TYPES.contains(format.getType())) {
            throw in.failureAt("type", "must be text, json_object or json_schema");
        }
        if (format.getType().equals(SCHEMA) && !format.hasSchemaJson()) {
            throw in.failureAt("json_schema.schema", "is missing");
        }
        request.setResponseFormat(format);
    }

    private static void schema(
            JsonIn in, IgnoredParameters ignored, ResponseFormat.Builder format) {
        in.enterObject();
        while (in.nextKey()) {
            switch (in.isNull() ? "" : in.key()) {
                case "name" -> format.setName(in.string());
                case "description" -> format.setDescription(in.string());
                case "strict" -> format.setStrict(in.bool());
                case "schema" -> {
                    if (in.kind() != JsonKind.OBJECT) {
                        throw in.wrong("a JSON Schema, an object");
                    }
                    format.setSchemaJson(in.json());
                }
                default -> ChatMessageReader.ignore(in, ignored);
            }
        }
    }
}
