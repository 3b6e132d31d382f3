package dev.tandem.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.tool.ToolQuestion;
import java.util.Map;

/// A form that a server wants to be filled in: a flat object of texts, numbers, flags and choices.
final class ElicitationForm {
    private static final int SCHEMA_CHARACTERS_MAX = 64 << 10;

    private final ToolQuestion.Form question;
    private final JsonNode fields;

    private ElicitationForm(ToolQuestion.Form question, JsonNode fields) {
        this.question = question;
        this.fields = fields;
    }

    /// @param params of `elicitation/create`
    /// @throws McpRefusal where they describe no form
    static ElicitationForm of(JsonNode params) throws McpRefusal {
        JsonNode schema = params.path("requestedSchema");
        if (!schema.isObject() || !schema.path("properties").isObject()) {
            throw new McpRefusal(
                    RpcMessages.INVALID_PARAMS,
                    "requestedSchema must be an object that has properties.");
        }
        String schemaJson = schema.toString();
        if (schemaJson.length() > SCHEMA_CHARACTERS_MAX) {
            throw new McpRefusal(
                    RpcMessages.INVALID_PARAMS,
                    "requestedSchema must have at most " + SCHEMA_CHARACTERS_MAX + " characters.");
        }
        return new ElicitationForm(
                new ToolQuestion.Form(params.path("message").asText(), schemaJson),
                schema.path("properties"));
    }

    ToolQuestion.Form question() {
        return question;
    }

    /// What was filled in, and for what was left out what the form itself proposes.
    ///
    /// @param contentJson a JSON object as text
    ObjectNode filled(String contentJson) {
        ObjectNode content = McpMessages.object("content", contentJson);
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            JsonNode proposed = field.getValue().path("default");
            if (!content.has(field.getKey()) && !proposed.isMissingNode()) {
                content.set(field.getKey(), proposed);
            }
        }
        return content;
    }
}
