package dev.tandem.service;

import dev.tandem.failure.Failure;
import dev.tandem.rpc.Call;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolServer;
import dev.tandem.toolbox.CallOutcome;
import dev.tandem.toolbox.CallWatcher;
import dev.tandem.toolbox.OfferedTool;
import dev.tandem.toolbox.ToolRequest;
import dev.tandem.toolbox.Toolbox;
import dev.tandem.v1.CallToolRequest;
import dev.tandem.v1.CallToolResponse;
import dev.tandem.v1.ListServerToolsRequest;
import dev.tandem.v1.ListServerToolsResponse;
import java.util.List;
import java.util.Optional;

/// Serves the tools of one server: which there are, and how they answer.
final class McpTools {
    private static final int NAME_CHARS_MAX = 64;

    private final KnownServers servers;
    private final Toolbox toolbox;

    McpTools(KnownServers servers, Toolbox toolbox) {
        this.servers = servers;
        this.toolbox = toolbox;
    }

    ListServerToolsResponse list(Call call, ListServerToolsRequest request)
            throws InterruptedException {
        ToolScope scope = McpService.scope(call, request.hasProjectId(), request.getProjectId());
        ListServerToolsResponse.Builder answer = ListServerToolsResponse.newBuilder();
        String id = request.getServerId();
        servers.source(scope, id)
                .tools(scope, id)
                .forEach(tool -> answer.addData(McpWire.tool(tool)));
        return answer.build();
    }

    CallToolResponse call(Call call, CallToolRequest request) throws InterruptedException {
        ToolScope scope = McpService.scope(call, request.hasProjectId(), request.getProjectId());
        ToolServer server = servers.detail(scope, request.getServerId()).server();
        OfferedTool tool = offered(scope, server, request.getTool());
        ToolRequest asked =
                new ToolRequest(
                        within(scope, server.projectId()),
                        tool,
                        call.requestId(),
                        request.hasArgumentsJson() ? request.getArgumentsJson() : "{}",
                        false);
        CallOutcome outcome = toolbox.call(asked, CallWatcher.NONE);
        return McpWire.outcome(outcome);
    }

    /// A project's server is called in its project, also where only its id names that.
    private static ToolScope within(ToolScope scope, Optional<String> project) {
        return new ToolScope(
                scope.tenant(),
                scope.keyName(),
                scope.admin(),
                scope.projectId().or(() -> project),
                scope.sessionId(),
                scope.runId());
    }

    /// @throws Failure NOT_FOUND, param `tool`; or why the server is not up
    private OfferedTool offered(ToolScope scope, ToolServer server, String name)
            throws InterruptedException {
        List<ToolDefinition> tools = servers.source(scope, server.id()).tools(scope, server.id());
        for (ToolDefinition tool : tools) {
            if (tool.name().equals(name)) {
                String shown = server.name() + "__" + name;
                String cut = shown.substring(0, Math.min(shown.length(), NAME_CHARS_MAX));
                return new OfferedTool(cut, server.id(), server.name(), tool);
            }
        }
        throw Failure.notFound(
                "tool",
                "The MCP server %s has no tool %s; GET /v1/mcp/servers/%s/tools lists those it has."
                        .formatted(server.id(), name, server.id()));
    }
}
