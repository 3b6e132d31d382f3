package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolSelection;
import dev.tandem.toolbox.Offer;
import dev.tandem.toolbox.OfferedTool;
import dev.tandem.toolbox.ToolRequest;
import dev.tandem.toolbox.Toolbox;
import java.util.List;

/// `tools/list` and `tools/call`, through the toolbox like every call of a tool.
record ToolMethods(Toolbox toolbox, Paging paging, Tokens tokens) {

    ObjectNode list(Asked asked) throws InterruptedException {
        List<ObjectNode> tools =
                offer(asked.scope()).tools().stream().map(ToolMethods::described).toList();
        return paging.page(asked, "tools", tools);
    }

    ObjectNode call(Asked asked) throws InterruptedException {
        OfferedTool tool = find(asked.scope(), asked.text("name"));
        ToolRequest request =
                new ToolRequest(
                        asked.scope(),
                        tool,
                        "mcp_" + tokens.next(),
                        asked.object("arguments").toString(),
                        true);
        return ToolResults.of(toolbox.call(request, asked.line()));
    }

    /// @throws RpcError INVALID_PARAMS where it is not offered
    OfferedTool find(ToolScope scope, String name) throws InterruptedException {
        return offer(scope)
                .find(name)
                .orElseThrow(() -> RpcError.invalidParams("Unknown tool: " + name));
    }

    private Offer offer(ToolScope scope) throws InterruptedException {
        return toolbox.offer(scope, ToolSelection.INHERIT);
    }

    /// As its server describes it, under the name that it is offered by.
    private static ObjectNode described(OfferedTool tool) {
        ToolDefinition definition = tool.definition();
        return Json.object(definition.json())
                .orElseGet(() -> made(definition))
                .put("name", tool.name());
    }

    private static ObjectNode made(ToolDefinition definition) {
        ObjectNode tool = Json.object().put("name", definition.name());
        definition.title().ifPresent(title -> tool.put("title", title));
        definition.description().ifPresent(text -> tool.put("description", text));
        tool.set(
                "inputSchema",
                Json.object(definition.inputSchemaJson()).orElseGet(ToolMethods::any));
        definition
                .outputSchemaJson()
                .flatMap(Json::object)
                .ifPresent(schema -> tool.set("outputSchema", schema));
        ObjectNode hints = Json.object();
        definition.hints().readOnly().ifPresent(is -> hints.put("readOnlyHint", is));
        definition.hints().destructive().ifPresent(is -> hints.put("destructiveHint", is));
        definition.hints().idempotent().ifPresent(is -> hints.put("idempotentHint", is));
        definition.hints().openWorld().ifPresent(is -> hints.put("openWorldHint", is));
        if (!hints.isEmpty()) {
            tool.set("annotations", hints);
        }
        return tool;
    }

    private static ObjectNode any() {
        return Json.object().put("type", "object");
    }
}
