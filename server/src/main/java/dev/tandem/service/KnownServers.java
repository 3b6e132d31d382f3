package dev.tandem.service;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.hub.Hub;
import dev.tandem.hub.ServerDetail;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolServer;
import dev.tandem.tool.ToolSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The servers of the hub, and those that are part of this server: its plugins. Of one id the hub's
/// counts, as it does where models are offered tools. Safe for use by many threads.
final class KnownServers {
    private static final Logger LOG = LoggerFactory.getLogger(KnownServers.class);

    private final Hub hub;
    private final ToolSource plugins;
    private final Set<String> toldHidden = ConcurrentHashMap.newKeySet();

    KnownServers(Hub hub, ToolSource plugins) {
        this.hub = hub;
        this.plugins = plugins;
    }

    /// All that a scope sees, by id; starts none.
    List<ServerDetail> details(ToolScope scope) throws InterruptedException {
        List<ServerDetail> all = new ArrayList<>(hub.details(scope));
        for (ToolServer plugin : plugins.servers(scope)) {
            if (!isHidden(scope, plugin)) {
                all.add(described(scope, plugin));
            }
        }
        all.sort(Comparator.comparing(one -> one.server().id()));
        return all;
    }

    /// What is wrong with declarations, in words for the operator.
    List<String> problems(ToolScope scope) {
        List<String> problems = new ArrayList<>(hub.problems(scope));
        for (ToolServer plugin : plugins.servers(scope)) {
            if (isHidden(scope, plugin)) {
                problems.add(hidden(plugin.id()));
            }
        }
        return problems;
    }

    /// One server.
    ///
    /// @throws Failure NOT_FOUND, param `server_id`
    ServerDetail detail(ToolScope scope, String id) throws InterruptedException {
        Optional<ToolServer> plugin = plugin(scope, id);
        return plugin.isPresent() ? described(scope, plugin.get()) : hub.detail(scope, id);
    }

    /// Whom to ask for what a server offers.
    ToolSource source(ToolScope scope, String id) {
        return plugin(scope, id).isPresent() ? plugins : hub;
    }

    /// What is declared can be started, removed and so on; what is part of this server cannot.
    ///
    /// @throws Failure CONFLICT, param `server_id`
    void requireDeclared(ToolScope scope, String id) {
        if (plugin(scope, id).isPresent()) {
            throw new Failure(
                            FailureCode.CONFLICT,
                            "The server "
                                    + id
                                    + " is part of this server: it lives as long, needs no trust"
                                    + " and no sign-in, and logs to this server's log. Only the"
                                    + " operator can change it, with plugins.folder and"
                                    + " plugins.webhooks.")
                    .at("server_id");
        }
    }

    /// @throws Failure ALREADY_EXISTS, param `name`, where a plugin is called so
    void requireFree(ToolScope scope, String name) {
        if (plugin(scope, name).isPresent()) {
            throw new Failure(
                            FailureCode.ALREADY_EXISTS,
                            "A plugin of this server is called " + name + "; choose another name.")
                    .at("name");
        }
    }

    private Optional<ToolServer> plugin(ToolScope scope, String id) {
        return plugins.servers(scope).stream()
                .filter(one -> one.id().equals(id))
                .filter(one -> !isHidden(scope, one))
                .findFirst();
    }

    private boolean isHidden(ToolScope scope, ToolServer plugin) {
        boolean hidden = hub.knows(scope, plugin.id());
        if (hidden && toldHidden.add(plugin.id())) {
            LOG.warn("{}", hidden(plugin.id()));
        }
        return hidden;
    }

    private static String hidden(String id) {
        return "The plugin "
                + id
                + " is hidden: an MCP server of that name is declared; rename one of them.";
    }

    private ServerDetail described(ToolScope scope, ToolServer plugin) throws InterruptedException {
        int tools = plugins.tools(scope, plugin.id()).size();
        return new ServerDetail(plugin, true, false, Optional.empty(), Optional.of(tools));
    }
}
