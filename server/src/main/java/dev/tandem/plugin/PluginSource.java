package dev.tandem.plugin;

import dev.tandem.failure.Failure;
import dev.tandem.id.Ids;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolServer;
import dev.tandem.tool.ToolSource;
import dev.tandem.tool.ToolWatcher;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tools of plugins and webhooks, for every scope the same. Each plugin is a server; the
/// webhooks together are one, named `webhooks`. Arguments are checked against a tool's schema
/// before anybody runs it. Whoever opens it closes it.
public final class PluginSource implements ToolSource, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PluginSource.class);

    private final Map<String, PluginServer> servers = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final Optional<WebhookServer> webhooks;
    private final PluginFolder folder;

    /// Loads the plugins. What does not work is left out, with a warning in the log.
    ///
    /// @param folders where the tools of projects work
    /// @param ids name the calls of webhooks
    public PluginSource(
            PluginSettings settings, WorkspaceFolders folders, Ids ids, InstantSource clock) {
        this.folder = new PluginFolder(settings.folder(), folders, settings.callsMax());
        this.webhooks =
                settings.webhooks().isEmpty()
                        ? Optional.empty()
                        : Optional.of(new WebhookServer(settings, ids, clock, Pause.REAL));
        problems.addAll(folder.problems());
        webhooks.ifPresent(this::add);
        folder.plugins().forEach(this::add);
    }

    private void add(PluginServer server) {
        PluginServer other = servers.putIfAbsent(server.name(), server);
        if (other == null) {
            LOG.info(
                    "{} offers {} tools as {}",
                    server.source(),
                    server.tools().size(),
                    server.name());
            return;
        }
        String problem =
                "%s is left out: its name is %s, as that of %s is; rename one of them"
                        .formatted(server.source(), server.name(), other.source());
        problems.add(problem);
        LOG.warn("{}", problem);
    }

    /// Whether a server of this id is one of these.
    public boolean has(String serverId) {
        return servers.containsKey(serverId);
    }

    /// What was left out and why, in words for the operator.
    public List<String> problems() {
        return List.copyOf(problems);
    }

    @Override
    public List<ToolServer> servers(ToolScope scope) {
        return servers.values().stream().map(PluginServer::described).toList();
    }

    @Override
    public List<ToolDefinition> tools(ToolScope scope, String serverId) {
        return server(serverId).tools().stream().map(CheckedTool::definition).toList();
    }

    /// Arguments that do not fit the tool's schema are answered as its failure, which names the
    /// fields, so that the model can try again.
    ///
    /// @throws Failure NOT_FOUND where there is no such server or tool; otherwise as the port says
    @Override
    public ToolOutput call(
            ToolScope scope,
            String serverId,
            String tool,
            String argumentsJson,
            ToolWatcher watcher)
            throws InterruptedException {
        PluginServer server = server(serverId);
        String arguments = argumentsJson.isBlank() ? "{}" : argumentsJson;
        Optional<ToolOutput> refusal = server.tool(tool).refusal(arguments);
        return refusal.isPresent() ? refusal.get() : server.call(scope, tool, arguments, watcher);
    }

    private PluginServer server(String id) {
        PluginServer server = servers.get(id);
        if (server == null) {
            throw Failure.notFound("server_id", "There is no plugin " + id + ".");
        }
        return server;
    }

    @Override
    public void close() {
        webhooks.ifPresent(WebhookServer::close);
        folder.close();
    }
}
