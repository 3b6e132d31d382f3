package dev.tandem.launch;

import dev.tandem.hub.Hub;
import dev.tandem.hub.HubObserver;
import dev.tandem.hub.McpConnector;
import dev.tandem.hub.SignIns;
import dev.tandem.hub.Sources;
import dev.tandem.mcp.McpSettings;
import dev.tandem.mcp.http.HttpLimits;
import dev.tandem.mcp.http.HttpTransports;
import dev.tandem.mcp.oauth.Authorizations;
import dev.tandem.observe.ServerMetrics;
import dev.tandem.project.Workspaces;
import dev.tandem.tool.ToolServer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;

/// MCP servers and the way to them.
final class McpServers implements AutoCloseable {
    final Hub hub;
    final SignIns signIns;

    private final HttpTransports http = new HttpTransports(HttpLimits.DEFAULTS);
    private final Authorizations authorizations;

    McpServers(
            McpServerSettings settings,
            Storage storage,
            Workspaces workspaces,
            ServerMetrics metrics,
            InstantSource clock) {
        authorizations =
                new Authorizations(
                        settings.signIns(), storage.tokens, storage.key, Clock.systemUTC());
        McpSettings d = McpSettings.DEFAULTS;
        McpSettings connection =
                new McpSettings(
                        settings.hub().startMax(), d.probeMax(), d.pagesMax(), Optional.empty());
        Sources sources =
                new Sources(
                        settings.servers(),
                        settings.claudeFile(),
                        settings.variables(),
                        storage.servers,
                        storage.projects,
                        workspaces);
        hub =
                new Hub(
                        sources,
                        new McpConnector(http, authorizations, connection, Version.current()),
                        settings.hub(),
                        clock,
                        new SecureRandom(),
                        HubObserver.NONE);
        signIns = new SignIns(hub, authorizations, settings.signIns());
        metrics.gauge(
                "tandem_mcp_processes",
                "MCP servers that run as programs of this server.",
                hub::processes);
        for (ToolServer.State state : ToolServer.State.values()) {
            metrics.gauge(
                    "tandem_mcp_connections",
                    "Connections to MCP servers that were wanted lately, by how they stand.",
                    () -> hub.states().getOrDefault(state, 0),
                    "state",
                    state.name().toLowerCase(Locale.ROOT));
        }
    }

    @Override
    public void close() {
        hub.close();
        authorizations.close();
        http.close();
    }
}
