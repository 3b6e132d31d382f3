package dev.tandem.mcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.tool.ContextItem;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolHints;
import dev.tandem.tool.ToolOutput;
import java.util.Optional;

/// Tools and their answers, from MCP's JSON to the words of this server.
final class McpMessages {
    private static final int TOOL_NAME_MAX = 256;
    private static final int ITEM_NAME_MAX = 8192;

    private McpMessages() {}

    /// A tool; empty where it has no name, or a schema that is none.
    static Optional<ToolDefinition> tool(JsonNode tool) {
        Optional<String> name = name(tool.path("name"), TOOL_NAME_MAX);
        JsonNode schema = tool.path("inputSchema");
        if (name.isEmpty() || (!absent(schema) && !schema.isObject())) {
            return Optional.empty();
        }
        JsonNode hints = tool.path("annotations");
        return Optional.of(
                new ToolDefinition(
                        name.get(),
                        RpcMessages.text(tool.path("title"))
                                .or(() -> RpcMessages.text(hints.path("title"))),
                        RpcMessages.text(tool.path("description")),
                        absent(schema) ? "{\"type\":\"object\"}" : schema.toString(),
                        tool.path("outputSchema").isObject()
                                ? Optional.of(tool.path("outputSchema").toString())
                                : Optional.empty(),
                        hints(hints),
                        tool.toString()));
    }

    private static boolean absent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static Optional<String> name(JsonNode name, int charactersMax) {
        return RpcMessages.text(name)
                .filter(text -> !text.isBlank() && text.length() <= charactersMax);
    }

    private static ToolHints hints(JsonNode hints) {
        return new ToolHints(
                flag(hints.path("readOnlyHint")),
                flag(hints.path("destructiveHint")),
                flag(hints.path("idempotentHint")),
                flag(hints.path("openWorldHint")));
    }

    private static Optional<Boolean> flag(JsonNode hint) {
        return hint.isBoolean() ? Optional.of(hint.asBoolean()) : Optional.empty();
    }

    /// A resource, template or prompt; empty where it has no name.
    ///
    /// @param nameField the field that names things of its kind
    static Optional<ContextItem> item(ContextItem.Kind kind, String nameField, JsonNode item) {
        return name(item.path(nameField), ITEM_NAME_MAX)
                .map(text -> new ContextItem(kind, text, item.toString()));
    }

    /// @throws Failure INVALID_REQUEST, naming `param`
    static ObjectNode object(String param, String json) {
        try {
            JsonNode read = RpcMessages.JSON.readTree(json.isBlank() ? "{}" : json);
            if (read instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException malformed) {
            throw Failure.invalid(
                    param, param + " are no JSON: " + malformed.getOriginalMessage() + ".");
        }
        throw Failure.invalid(param, param + " must be a JSON object.");
    }

    /// @throws Failure UPSTREAM_ERROR where it is no answer of a tool
    static ToolOutput output(JsonNode result) {
        JsonNode content = result.path("content");
        if (!absent(content) && !content.isArray()) {
            throw malformed("tools/call", "content that is no list");
        }
        JsonNode structured = result.path("structuredContent");
        return new ToolOutput(
                content.valueStream().map(McpContent::of).toList(),
                absent(structured) ? Optional.empty() : Optional.of(structured.toString()),
                result.path("isError").asBoolean(),
                Optional.of(result.toString()));
    }

    /// What a server says that no server should say.
    ///
    /// @param what such as "a result that is no object"
    static Failure malformed(String method, String what) {
        return new Failure(
                FailureCode.UPSTREAM_ERROR,
                "The MCP server answers " + method + " with " + what + ".");
    }
}
