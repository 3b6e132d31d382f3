package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.tool.ToolQuestion;

/// What a client can do, as it says itself.
///
/// @param capabilities MCP's `ClientCapabilities`
record ClientTraits(JsonNode capabilities) {
    /// A client that cannot be asked anything.
    static final ClientTraits SILENT = new ClientTraits(Json.object());

    /// Whether it can be asked a question.
    boolean takes(ToolQuestion question) {
        JsonNode elicitation = capabilities.path("elicitation");
        return switch (question) {
            case ToolQuestion.Form _ ->
                    elicitation.isObject() && (elicitation.isEmpty() || elicitation.has("form"));
            case ToolQuestion.Page _ -> elicitation.has("url");
            case ToolQuestion.Sampling _ -> capabilities.path("sampling").isObject();
        };
    }
}
