package dev.tandem.hub;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.hub.Connector.Opening;
import dev.tandem.hub.Declarations.Found;
import dev.tandem.hub.Declared.Home;
import dev.tandem.hub.Declared.Source;
import dev.tandem.hub.Expansion.Missing;
import dev.tandem.hub.Start.Prepared;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolServer;
import dev.tandem.tool.ToolServer.State;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Who is who: which servers a scope sees, whether they may start, and how. Safe for use by many
/// threads.
final class Roster {
    /// Claude Code's name of the project's folder.
    private static final String PROJECT_FOLDER = "CLAUDE_PROJECT_DIR";

    private final Declarations declarations;
    private final Variables.All variables;
    private final Set<String> projectVariables;
    private final Folders folders;
    private final ServerStore store;
    private final Connector connector;
    private final Connections connections;

    /// How to get a connection.
    record Plan(ConnectionKey key, String hash, Start start) {}

    Roster(Sources sources, HubSettings settings, Connector connector, Connections connections) {
        this.declarations =
                new Declarations(
                        sources.configured(),
                        sources.claudeFile(),
                        sources.store(),
                        sources.projects(),
                        sources.workspaces());
        this.variables = sources.variables();
        this.projectVariables = new HashSet<>(HubSettings.PROJECT_VARIABLES);
        this.projectVariables.addAll(settings.projectVariables());
        this.folders = new Folders(settings.folder());
        this.store = sources.store();
        this.connector = connector;
        this.connections = connections;
    }

    List<String> problems(ToolScope scope) {
        return declarations.of(scope).problems();
    }

    List<ServerDetail> details(ToolScope scope) {
        Found found = declarations.of(scope);
        Set<Trust> trusted = trusted(scope.tenant(), found.home());
        return found.servers().values().stream()
                .map(one -> detail(scope, one, found.home(), trusted))
                .toList();
    }

    ServerDetail detail(ToolScope scope, String serverId) {
        ToolScope exact = scopeOf(scope, serverId);
        Found found = declarations.of(exact);
        Declared one = found(found, serverId);
        return detail(exact, one, found.home(), trusted(scope.tenant(), found.home()));
    }

    Optional<Declared> find(ToolScope scope, String serverId) {
        return Optional.ofNullable(declarations.of(scope).servers().get(serverId));
    }

    private static Declared found(Found found, String serverId) {
        return Optional.ofNullable(found.servers().get(serverId))
                .orElseThrow(() -> absent(serverId));
    }

    static Failure absent(String serverId) {
        return Failure.notFound(
                "server_id",
                "There is no MCP server "
                        + serverId
                        + " here; GET /v1/mcp/servers lists those there are.");
    }

    /// A project's server is found by its id alone, too.
    private static ToolScope scopeOf(ToolScope scope, String serverId) {
        int at = serverId.indexOf('@');
        if (at < 0) {
            return scope;
        }
        String project = serverId.substring(at + 1);
        if (!scope.projectId().orElse(project).equals(project)) {
            throw absent(serverId);
        }
        return new ToolScope(
                scope.tenant(),
                scope.keyName(),
                scope.admin(),
                Optional.of(project),
                scope.sessionId(),
                scope.runId());
    }

    private Set<Trust> trusted(String tenant, Optional<Home> home) {
        return home.map(project -> store.trusted(tenant, project.projectId())).orElse(Set.of());
    }

    private ServerDetail detail(
            ToolScope scope, Declared one, Optional<Home> home, Set<Trust> trusted) {
        boolean trust = one.needed(scope.tenant()).map(trusted::contains).orElse(true);
        Optional<Standing> standing =
                one.declaration()
                        .flatMap(
                                written ->
                                        connections.find(
                                                key(scope, one, home, written), written.hash()))
                        .map(Link::standing);
        Optional<String> wrong = one.problem().or(() -> missing(one, home));
        State state = standing.map(Standing::state).orElse(State.IDLE);
        Optional<String> problem = standing.flatMap(Standing::problem);
        if (wrong.isPresent()) {
            state = State.FAILED;
            problem = wrong;
        } else if (!trust) {
            state = State.UNTRUSTED;
            problem = Optional.of(untrusted(one).text());
        }
        return new ServerDetail(
                new ToolServer(
                        one.id(),
                        one.name(),
                        one.origin(),
                        one.projectId(),
                        one.declaration()
                                .map(ServerDeclaration::transport)
                                .orElse(ToolServer.Transport.STDIO),
                        one.declaration().map(ServerDeclaration::executable),
                        standing.flatMap(Standing::version),
                        state,
                        problem),
                trust,
                one.source() == Source.API,
                one.declaration(),
                standing.flatMap(Standing::toolCount));
    }

    private Optional<String> missing(Declared one, Optional<Home> home) {
        if (one.declaration().isEmpty()) {
            return Optional.empty();
        }
        try {
            ServerDeclaration _ = expansion(one, home).of(one.declaration().get());
            return Optional.empty();
        } catch (Missing missing) {
            return Optional.of(String.valueOf(missing.getMessage()));
        }
    }

    private Expansion expansion(Declared one, Optional<Home> home) {
        Variables known =
                one.source().isOperators()
                        ? variables
                        : new Variables.Listed(variables, projectVariables);
        return new Expansion(
                home.<Variables>map(
                                project ->
                                        new Variables.With(
                                                known, PROJECT_FOLDER, project.folder().toString()))
                        .orElse(known));
    }

    /// How to connect to a server, if it may start.
    ///
    /// @throws Failure NOT_FOUND, FORBIDDEN where it is not trusted, CONFLICT where it is declared
    ///     wrongly
    Plan plan(ToolScope scope, String serverId) {
        ToolScope exact = scopeOf(scope, serverId);
        Found found = declarations.of(exact);
        Declared one = found(found, serverId);
        ServerDeclaration written = startable(exact, one, found.home());
        String hash = written.hash();
        Start start = new Start(written.transport(), () -> prepared(exact, serverId, hash));
        return new Plan(key(exact, one, found.home(), written), hash, start);
    }

    private ServerDeclaration startable(ToolScope scope, Declared one, Optional<Home> home) {
        Optional<Trust> needed = one.needed(scope.tenant());
        if (needed.isPresent() && !trusted(scope.tenant(), home).contains(needed.get())) {
            throw untrusted(one);
        }
        return one.declaration()
                .orElseThrow(
                        () ->
                                new Failure(
                                        FailureCode.CONFLICT,
                                        "The MCP server "
                                                + one.id()
                                                + " cannot be used. "
                                                + one.problem().orElse("")));
    }

    private static Failure untrusted(Declared one) {
        return new Failure(
                FailureCode.FORBIDDEN,
                "The MCP server "
                        + one.id()
                        + " is declared by its project's own file and nobody has trusted that yet;"
                        + " an admin can, with POST /v1/mcp/servers/"
                        + one.id()
                        + ":trust.");
    }

    private Prepared prepared(ToolScope scope, String serverId, String hash) {
        Found found = declarations.of(scope);
        Declared one = found(found, serverId);
        ServerDeclaration written = startable(scope, one, found.home());
        if (!written.hash().equals(hash)) {
            throw new Failure(
                    FailureCode.CONFLICT,
                    "The MCP server " + serverId + " was declared anew meanwhile; try again.");
        }
        Expansion expansion = expansion(one, found.home());
        try {
            ServerDeclaration expanded = expansion.of(written);
            Opening opening =
                    new Opening(
                            one.id(),
                            scope,
                            expanded,
                            folders.of(one, expanded, found.home()),
                            found.home().map(Home::folder).stream().toList(),
                            !one.source().isOperators());
            return new Prepared(opening, Masks.of(expanded, expansion.filledIn()));
        } catch (Missing missing) {
            throw new Failure(
                    FailureCode.CONFLICT,
                    "The MCP server " + serverId + " cannot start. " + missing.getMessage());
        }
    }

    private ConnectionKey key(
            ToolScope scope, Declared one, Optional<Home> home, ServerDeclaration written) {
        return new ConnectionKey(
                one.id(),
                scope.tenant(),
                home.map(Home::projectId),
                connector.holder(scope, one.id(), written));
    }

    /// @throws Failure NOT_FOUND; CONFLICT where it needs no trust or is declared wrongly
    Trust toTrust(ToolScope scope, String serverId) {
        ToolScope exact = scopeOf(scope, serverId);
        Declared one = found(declarations.of(exact), serverId);
        return one.needed(scope.tenant())
                .orElseThrow(
                        () ->
                                new Failure(
                                                FailureCode.CONFLICT,
                                                one.problem()
                                                        .orElse(
                                                                "The server "
                                                                        + serverId
                                                                        + " needs no trust: the"
                                                                        + " operator or an admin"
                                                                        + " declared it."))
                                        .at("server_id"));
    }
}
