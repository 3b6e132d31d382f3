package dev.tandem.launch;

import dev.tandem.auth.KeyList;
import dev.tandem.catalog.Catalog;
import dev.tandem.edge.listener.Listener;
import dev.tandem.edge.operations.Probe;
import dev.tandem.edge.operations.Vitals;
import dev.tandem.edge.rest.ServedPath;
import dev.tandem.engine.Engine;
import dev.tandem.engine.Planner;
import dev.tandem.engine.RunBooks;
import dev.tandem.id.Ids;
import dev.tandem.observe.AccessLog;
import dev.tandem.observe.CallMetrics;
import dev.tandem.observe.CallObservers;
import dev.tandem.observe.Readiness;
import dev.tandem.observe.RunMetrics;
import dev.tandem.observe.ServerMetrics;
import dev.tandem.project.ProjectStore;
import dev.tandem.project.Workspaces;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.run.Runs;
import dev.tandem.service.ApprovalService;
import dev.tandem.service.AuditService;
import dev.tandem.service.ChatService;
import dev.tandem.service.McpService;
import dev.tandem.service.ModelService;
import dev.tandem.service.ProjectService;
import dev.tandem.service.RunFollower;
import dev.tandem.service.RunLookup;
import dev.tandem.service.SessionEvents;
import dev.tandem.service.SessionService;
import dev.tandem.service.UsageService;
import dev.tandem.session.SessionStore;
import dev.tandem.toolbox.Toolbox;
import dev.tandem.watch.SessionFeed;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every object of the server, built once, top to bottom in the order of the architecture; and the
/// server's life: start, drain, stop.
final class ServerAssembly implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServerAssembly.class);

    private final ServerSettings settings;
    private final Readiness readiness = new Readiness();
    private final SessionFeed feed = new SessionFeed();
    private final Runs runs;
    private final Storage storage;
    private final Providers providers;
    private final Governance governance;
    private final ServerMetrics metrics;
    private final Workspaces workspaces;
    private final McpServers mcp;
    private final Listener listener;
    private final List<ServedPath> paths;

    /// Builds the server. Runs that a killed server left are settled by then.
    ServerAssembly(ServerSettings settings) {
        this.settings = settings;
        InstantSource clock = Clock.tickMillis(ZoneOffset.UTC);
        Instant started = clock.instant();
        Ids ids = new Ids(clock, new SecureRandom());

        // The database, TLS and Helidon's meters each take a tenth of a second to come up.
        Supplier<Duration> uptime = () -> Duration.between(started, clock.instant());
        Ahead<Providers> upstreams = Ahead.make("start-providers", () -> new Providers(settings));
        Ahead<ServerMetrics> meters =
                Ahead.make("start-meters", () -> new ServerMetrics(Version.current(), uptime));

        runs = new Runs(settings.runs());
        storage = new Storage(settings, runs, feed, ids, clock);
        governance = new Governance(settings.mcp(), storage, ids, clock);
        providers = upstreams.get();
        metrics = meters.get();
        workspaces = new Workspaces(settings.workspaces());
        mcp = new McpServers(settings.servers(), storage, workspaces, metrics, clock);

        Pipeline pipeline =
                new Pipeline(
                        settings.exposure().frontDoor(settings.cors().origins()),
                        new KeyList(settings.auth().keys()),
                        new DrainGate(readiness),
                        new CallObservers(new AccessLog(), new CallMetrics(metrics)));
        Vitals vitals =
                new Vitals(
                        Version.current(),
                        readiness,
                        runs::activeSessions,
                        uptime,
                        List.of(new Probe("storage", () -> storage.sessions.totals("none"))));
        Edges edges =
                new Edges(
                        settings, methods(ids, clock), pipeline, ids, vitals, metrics, mcp.signIns);
        listener = edges.listener;
        paths = edges.paths;
        readiness.watch(state -> edges.grpc.serving(state == Readiness.State.READY));
    }

    /// The methods of the contract.
    private List<RpcMethod<?, ?>> methods(Ids ids, InstantSource clock) {
        Catalog catalog = providers.catalog(settings);
        SessionStore sessions = storage.sessions;
        ProjectStore projects = storage.projects;
        Planner planner = new Planner(catalog, providers.byName(), sessions, projects, ids, clock);
        RunBooks books = new RunBooks(storage.runs, storage.archiver, sessions, ids, clock);
        Engine engine =
                new Engine(
                        runs,
                        storage.runs,
                        books,
                        planner,
                        new RunMetrics(metrics),
                        ids,
                        clock,
                        storage.epoch);
        RunFollower follower =
                new RunFollower(
                        runs, storage.runs, storage.archive, sessions, settings.runs().heartbeat());
        RunLookup lookup = new RunLookup(runs, storage.runs, sessions, follower);
        Toolbox toolbox = governance.toolbox(List.of(mcp.hub), Optional.empty());
        SessionEvents events = new SessionEvents(feed, sessions, settings.runs());
        return Stream.of(
                        new ChatService(planner, engine, runs, follower, lookup).methods(),
                        new SessionService(sessions, projects, catalog, runs, events, ids, clock)
                                .methods(),
                        new ProjectService(projects, workspaces, sessions, runs, ids, clock)
                                .methods(),
                        new ModelService(catalog, clock.instant()).methods(),
                        new UsageService(storage.usage, clock).methods(),
                        new McpService(mcp.hub, mcp.signIns, toolbox, clock).methods(),
                        new ApprovalService(governance.approvals, storage.toolRules).methods(),
                        new AuditService(governance.audit).methods())
                .<RpcMethod<?, ?>>flatMap(List::stream)
                .toList();
    }

    /// Binds the port and takes calls. What was opened is closed where that fails.
    ServerAssembly start() {
        try {
            listener.start();
        } catch (RuntimeException notBound) {
            closeResources();
            throw notBound;
        }
        readiness.reach(Readiness.State.READY);
        return this;
    }

    /// All that it serves over HTTP.
    List<ServedPath> paths() {
        return paths;
    }

    /// How many devices watch a session.
    int watches() {
        return feed.watches();
    }

    int port() {
        return listener.port();
    }

    /// Takes no new calls, lets answers in progress end within `server.shutdown-limit`, then stops.
    @Override
    public void close() {
        LOG.info("stopping; {} answers are in progress", runs.size());
        readiness.reach(Readiness.State.DRAINING);
        governance.approvals.letGo();
        Instant deadline = Instant.now().plus(settings.shutdownLimit());
        try {
            runs.drain(settings.shutdownLimit());
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        feed.close();
        Duration left = Duration.between(Instant.now(), deadline);
        listener.drain(left.isNegative() ? Duration.ofSeconds(1) : left.plusSeconds(1));
        closeResources();
    }

    private void closeResources() {
        runs.close();
        mcp.close();
        providers.close();
        metrics.close();
        storage.close();
    }
}
