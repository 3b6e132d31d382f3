package dev.tandem.hub;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.hub.HubObserver.Stop;
import dev.tandem.hub.ServerConnection.SessionExpired;
import dev.tandem.tool.ContextItem;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolServer;
import dev.tandem.tool.ToolSource;
import dev.tandem.tool.ToolWatcher;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// MCP servers as a source of tools: those that are declared for a scope, started when they are
/// needed and kept while they are used. Whoever opens it closes it.
public final class Hub implements ToolSource, AutoCloseable {
    private final Roster roster;
    private final ServerStore store;
    private final Connections connections;
    private final Keeper keeper;
    private final InstantSource clock;

    /// What is asked of a connection.
    private interface Use<T> {
        T of(Live live) throws InterruptedException, SessionExpired;
    }

    /// @param random for the waits after failed starts
    public Hub(
            Sources sources,
            Connector connector,
            HubSettings settings,
            InstantSource clock,
            RandomGenerator random,
            HubObserver observer) {
        this.store = sources.store();
        this.clock = clock;
        this.connections = new Connections(connector, settings, clock, random, observer);
        this.roster = new Roster(sources, settings, connector, connections);
        this.keeper = new Keeper(connections::tend);
    }

    @Override
    public List<ToolServer> servers(ToolScope scope) {
        return details(scope).stream().map(ServerDetail::server).toList();
    }

    /// The servers that a scope sees, with what only this hub knows of them; starts none.
    public List<ServerDetail> details(ToolScope scope) {
        return roster.details(scope);
    }

    /// One server.
    ///
    /// @throws Failure NOT_FOUND, param `server_id`
    public ServerDetail detail(ToolScope scope, String serverId) {
        return roster.detail(scope, serverId);
    }

    /// Whether a scope sees a server of that id.
    ///
    /// @throws Failure NOT_FOUND, param `project_id`
    public boolean knows(ToolScope scope, String serverId) {
        return roster.find(scope, serverId).isPresent();
    }

    /// What is wrong with the files that servers are declared in, in words for the operator.
    public List<String> problems(ToolScope scope) {
        return roster.problems(scope);
    }

    @Override
    public List<ToolDefinition> tools(ToolScope scope, String serverId)
            throws InterruptedException {
        return use(scope, serverId, Live::tools);
    }

    @Override
    public ToolOutput call(
            ToolScope scope,
            String serverId,
            String tool,
            String argumentsJson,
            ToolWatcher watcher)
            throws InterruptedException {
        return use(scope, serverId, live -> live.connection().call(tool, argumentsJson, watcher));
    }

    @Override
    public List<ContextItem> context(ToolScope scope, String serverId, ContextItem.Kind kind)
            throws InterruptedException {
        return use(scope, serverId, live -> live.connection().context(kind));
    }

    @Override
    public String read(
            ToolScope scope, String serverId, String method, String paramsJson, ToolWatcher watcher)
            throws InterruptedException {
        return use(scope, serverId, live -> live.connection().read(method, paramsJson, watcher));
    }

    /// An expired session is begun anew once: the server has not looked at what it was asked.
    private <T> T use(ToolScope scope, String serverId, Use<T> use) throws InterruptedException {
        try {
            return once(scope, serverId, use);
        } catch (SessionExpired _) {
            try {
                return once(scope, serverId, use);
            } catch (SessionExpired again) {
                throw again.told();
            }
        } catch (Failure failure) {
            // it is the server that wants a sign-in, not this one
            throw failure.code() == FailureCode.UNAUTHORIZED
                    ? new Failure(FailureCode.CONFLICT, failure.text(), failure)
                    : failure;
        }
    }

    private <T> T once(ToolScope scope, String serverId, Use<T> use)
            throws InterruptedException, SessionExpired {
        Roster.Plan plan = roster.plan(scope, serverId);
        try (Lease lease = connections.lease(plan.key(), plan.hash(), plan.start())) {
            try {
                T answer = use.of(lease.live());
                lease.live().prove();
                return answer;
            } catch (SessionExpired expired) {
                lease.link().lost(lease.live(), "its session expired");
                throw expired;
            }
        }
    }

    /// Adds a server for the tenant of an admin.
    ///
    /// @throws Failure ALREADY_EXISTS, param `name`, also where the operator's files have that name
    public void add(AddedServer server) {
        ToolScope scope =
                new ToolScope(
                        server.tenant(),
                        server.addedBy(),
                        true,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        if (knows(scope, server.name())) {
            throw new Failure(
                            FailureCode.ALREADY_EXISTS,
                            "There is a server " + server.name() + " already; choose another name.")
                    .at("name");
        }
        store.add(server);
    }

    /// Removes a server that was added, and stops it once nobody uses it.
    ///
    /// @throws Failure NOT_FOUND; CONFLICT where the operator's files declare it
    public void remove(ToolScope scope, String serverId) {
        ServerDetail found = detail(scope, serverId);
        if (!found.added()) {
            throw new Failure(
                            FailureCode.CONFLICT,
                            "The server " + serverId + " is declared in a file; remove it there.")
                    .at("server_id");
        }
        if (!store.remove(scope.tenant(), serverId)) {
            throw Roster.absent(serverId);
        }
        connections.of(scope.tenant(), serverId).forEach(Link::retire);
    }

    /// Trusts a project's server as it is declared now.
    ///
    /// @throws Failure NOT_FOUND; CONFLICT where it needs no trust or its declaration is wrong
    public void trust(ToolScope scope, String serverId) {
        store.trust(roster.toTrust(scope, serverId), scope.keyName(), clock.instant());
    }

    /// Stops the tenant's connections to a server, so that calls on them fail, and starts it again
    /// for this scope. Whether it came up, its detail tells.
    ///
    /// @throws Failure NOT_FOUND; FORBIDDEN where it is not trusted
    public void restart(ToolScope scope, String serverId) throws InterruptedException {
        Roster.Plan plan = roster.plan(scope, serverId);
        for (Link link : connections.of(scope.tenant(), serverId)) {
            link.stop(Stop.RESTARTED);
        }
        try (Lease _ = connections.lease(plan.key(), plan.hash(), plan.start())) {
            return;
        } catch (Failure _) {
            // its detail tells
            return;
        }
    }

    /// What a server would be started or reached with now.
    ///
    /// @throws Failure as [#tools]
    Start.Prepared prepared(ToolScope scope, String serverId) {
        return roster.plan(scope, serverId).start().check().get();
    }

    /// Ends the connections to a server that carry the credentials of the scope's key.
    void drop(ToolScope scope, String serverId) {
        for (Link link : connections.of(scope.tenant(), serverId)) {
            if (link.key().holder().equals(Optional.of(scope.keyName()))) {
                link.stop(Stop.RESTARTED);
            }
        }
    }

    /// The last lines that the server has logged for the tenant, oldest first, without its secrets.
    ///
    /// @throws Failure NOT_FOUND
    public List<LogLine> log(ToolScope scope, String serverId) {
        ServerDetail found = detail(scope, serverId);
        return connections.log(scope.tenant(), found.server().id());
    }

    /// How many programs are at work, or just ending.
    public int processes() {
        return connections.processes();
    }

    /// How many connections stand how.
    public Map<ToolServer.State, Integer> states() {
        return connections.states();
    }

    /// Does at once what is due, as happens by itself every second.
    void tend() {
        connections.tend();
    }

    /// Stops all servers, those that are in use too.
    @Override
    public void close() {
        keeper.close();
        connections.close();
    }
}
