package dev.tandem.service;

import dev.tandem.failure.Failure;
import dev.tandem.hub.Hub;
import dev.tandem.rpc.Call;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolScope;
import dev.tandem.toolbox.CallOutcome;
import dev.tandem.toolbox.CallWatcher;
import dev.tandem.toolbox.OfferedTool;
import dev.tandem.toolbox.ToolRequest;
import dev.tandem.toolbox.Toolbox;
import dev.tandem.v1.CallToolRequest;
import dev.tandem.v1.CallToolResponse;
import dev.tandem.v1.ListServerToolsRequest;
import dev.tandem.v1.ListServerToolsResponse;

/// Serves the tools of one server: which there are, and how they answer.
final class McpTools {
    private static final int NAME_CHARS_MAX = 64;

    private final Hub hub;
    private final Toolbox toolbox;

    McpTools(Hub hub, Toolbox toolbox) {
        this.hub = hub;
        this.toolbox = toolbox;
    }

    ListServerToolsResponse list(Call call, ListServerToolsRequest request)
            throws InterruptedException {
        ToolScope scope = McpService.scope(call, request.hasProjectId(), request.getProjectId());
        ListServerToolsResponse.Builder answer = ListServerToolsResponse.newBuilder();
        hub.tools(scope, request.getServerId()).forEach(tool -> answer.addData(McpWire.tool(tool)));
        return answer.build();
    }

    CallToolResponse call(Call call, CallToolRequest request) throws InterruptedException {
        ToolScope scope = McpService.scope(call, request.hasProjectId(), request.getProjectId());
        OfferedTool tool = offered(scope, request.getServerId(), request.getTool());
        ToolRequest asked =
                new ToolRequest(
                        scope,
                        tool,
                        call.requestId(),
                        request.hasArgumentsJson() ? request.getArgumentsJson() : "{}",
                        false);
        CallOutcome outcome = toolbox.call(asked, CallWatcher.NONE);
        return McpWire.outcome(outcome);
    }

    /// @throws Failure NOT_FOUND, param `tool`; or why the server is not up
    private OfferedTool offered(ToolScope scope, String serverId, String name)
            throws InterruptedException {
        String server = hub.detail(scope, serverId).server().name();
        for (ToolDefinition tool : hub.tools(scope, serverId)) {
            if (tool.name().equals(name)) {
                String shown = server + "__" + name;
                return new OfferedTool(
                        shown.substring(0, Math.min(shown.length(), NAME_CHARS_MAX)),
                        serverId,
                        server,
                        tool);
            }
        }
        throw Failure.notFound(
                "tool",
                "The MCP server "
                        + serverId
                        + " has no tool "
                        + name
                        + "; GET /v1/mcp/servers/"
                        + serverId
                        + "/tools lists those it has.");
    }
}
