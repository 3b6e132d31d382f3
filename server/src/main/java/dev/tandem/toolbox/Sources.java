package dev.tandem.toolbox;

import dev.tandem.failure.Failure;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolServer;
import dev.tandem.tool.ToolSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// All sources of tools as one. Where two have a server of the same id, the first counts.
record Sources(List<ToolSource> all) {
    Sources {
        all = List.copyOf(all);
    }

    Collection<Placed> servers(ToolScope scope) {
        Map<String, Placed> servers = new LinkedHashMap<>();
        for (ToolSource source : all) {
            for (ToolServer server : source.servers(scope)) {
                servers.putIfAbsent(server.id(), new Placed(source, server));
            }
        }
        return servers.values();
    }

    /// @throws Failure NOT_FOUND where the scope sees no such server
    ToolSource of(ToolScope scope, String serverId) {
        for (ToolSource source : all) {
            for (ToolServer server : source.servers(scope)) {
                if (server.id().equals(serverId)) {
                    return source;
                }
            }
        }
        throw Failure.notFound("server_id", "There is no server " + serverId + " any more.");
    }
}
