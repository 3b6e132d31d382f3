package dev.tandem.launch;

import dev.tandem.failure.Failure;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolServer;
import dev.tandem.tool.ToolSource;
import dev.tandem.tool.ToolWatcher;
import java.util.List;

/// Stands where no server of tools is configured.
record NoTools() implements ToolSource {
    @Override
    public List<ToolServer> servers(ToolScope scope) {
        return List.of();
    }

    @Override
    public List<ToolDefinition> tools(ToolScope scope, String serverId) {
        throw none(serverId);
    }

    @Override
    public ToolOutput call(
            ToolScope scope,
            String serverId,
            String tool,
            String argumentsJson,
            ToolWatcher watcher) {
        throw none(serverId);
    }

    private static Failure none(String serverId) {
        return Failure.notFound("server_id", "There is no server " + serverId + ".");
    }
}
