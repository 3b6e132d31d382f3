package dev.tandem.launch;

import dev.tandem.auth.KeyList;
import dev.tandem.catalog.Catalog;
import dev.tandem.edge.cors.Cors;
import dev.tandem.edge.grpc.GrpcEdge;
import dev.tandem.edge.listener.Listener;
import dev.tandem.edge.listener.Transport;
import dev.tandem.edge.openai.OpenAiEdge;
import dev.tandem.edge.openapi.OpenApiEdge;
import dev.tandem.edge.operations.OperationsEdge;
import dev.tandem.edge.operations.Probe;
import dev.tandem.edge.operations.Vitals;
import dev.tandem.edge.rest.HttpEdge;
import dev.tandem.edge.rest.RestEdge;
import dev.tandem.edge.rest.ServedPath;
import dev.tandem.edge.rest.TransportRefusals;
import dev.tandem.edge.socket.SocketEdge;
import dev.tandem.engine.Engine;
import dev.tandem.engine.Planner;
import dev.tandem.engine.Recovery;
import dev.tandem.id.Ids;
import dev.tandem.observe.AccessLog;
import dev.tandem.observe.CallMetrics;
import dev.tandem.observe.CallObservers;
import dev.tandem.observe.Readiness;
import dev.tandem.observe.RunMetrics;
import dev.tandem.observe.ServerMetrics;
import dev.tandem.project.Workspaces;
import dev.tandem.rpc.DescribedFiles;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.run.Archiver;
import dev.tandem.run.Retention;
import dev.tandem.run.RunStore;
import dev.tandem.run.Runs;
import dev.tandem.service.ChatService;
import dev.tandem.service.ModelService;
import dev.tandem.service.ProjectService;
import dev.tandem.service.RunFollower;
import dev.tandem.service.RunLookup;
import dev.tandem.service.SessionEvents;
import dev.tandem.service.SessionService;
import dev.tandem.service.UsageService;
import dev.tandem.session.SessionStore;
import dev.tandem.storage.jdbc.Database;
import dev.tandem.storage.jdbc.JdbcProjectStore;
import dev.tandem.storage.jdbc.JdbcRunArchive;
import dev.tandem.storage.jdbc.JdbcRunStore;
import dev.tandem.storage.jdbc.JdbcSessionStore;
import dev.tandem.storage.jdbc.JdbcUsageStore;
import dev.tandem.watch.SessionFeed;
import dev.tandem.watch.WatchedRunStore;
import dev.tandem.watch.WatchedSessionStore;
import io.helidon.webserver.http.HttpRouting;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every object of the server, built once, top to bottom in the order of the architecture; and the
/// server's life: start, drain, stop.
final class ServerAssembly implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServerAssembly.class);

    private final ServerSettings settings;
    private final Readiness readiness = new Readiness();
    private final Database database;
    private final Providers providers;
    private final Runs runs;
    private final Archiver archiver;
    private final Retention retention;
    private final SessionFeed feed = new SessionFeed();
    private final ServerMetrics metrics;
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

        database = Database.open(settings.storage());
        runs = new Runs(settings.runs());
        SessionStore sessions = new WatchedSessionStore(new JdbcSessionStore(database), feed);
        JdbcProjectStore projects = new JdbcProjectStore(database);
        RunStore runStore = new WatchedRunStore(new JdbcRunStore(database), runs, feed);
        Workspaces workspaces = new Workspaces(settings.workspaces());
        JdbcRunArchive archive = new JdbcRunArchive(database);
        int epoch = runStore.beginEpoch();
        settle(new Recovery(runStore, archive, ids).settle(epoch, started));
        archiver = new Archiver(archive);
        retention = new Retention(archive, settings.runs().retention(), clock);

        providers = upstreams.get();
        Catalog catalog = providers.catalog(settings);

        metrics = meters.get();
        Planner planner = new Planner(catalog, providers.byName(), sessions, projects, ids, clock);
        Engine engine =
                new Engine(
                        runs,
                        runStore,
                        archiver,
                        planner,
                        sessions,
                        new RunMetrics(metrics),
                        ids,
                        clock,
                        epoch);

        Pipeline pipeline =
                new Pipeline(
                        settings.exposure().frontDoor(settings.cors().origins()),
                        new KeyList(settings.auth().keys()),
                        new DrainGate(readiness),
                        new CallObservers(new AccessLog(), new CallMetrics(metrics)));
        RunFollower follower =
                new RunFollower(runs, runStore, archive, sessions, settings.runs().heartbeat());
        RunLookup lookup = new RunLookup(runs, runStore, sessions, follower);
        List<RpcMethod<?, ?>> methods = new ArrayList<>();
        methods.addAll(new ChatService(planner, engine, runs, follower, lookup).methods());
        SessionEvents events = new SessionEvents(feed, sessions, settings.runs());
        methods.addAll(
                new SessionService(sessions, projects, catalog, runs, events, ids, clock)
                        .methods());
        methods.addAll(
                new ProjectService(projects, workspaces, sessions, runs, ids, clock).methods());
        methods.addAll(new ModelService(catalog, started).methods());
        methods.addAll(new UsageService(new JdbcUsageStore(database), clock).methods());

        DescribedFiles files = DescribedFiles.read();
        GrpcEdge grpc = new GrpcEdge(pipeline, ids, files);
        HttpRouting.Builder routes = HttpRouting.builder();
        new Cors(settings.cors()).register(routes);
        Vitals vitals =
                new Vitals(
                        Version.current(),
                        readiness,
                        runs::activeSessions,
                        uptime,
                        List.of(new Probe("storage", () -> sessions.totals("none"))));
        SocketEdge socket =
                new SocketEdge(
                        methods,
                        pipeline,
                        ids,
                        settings.rest(),
                        settings.socket(),
                        settings.cors().origins());
        List<HttpEdge> edges =
                List.of(
                        new OperationsEdge(pipeline, ids, settings.rest(), vitals, metrics),
                        new OpenApiEdge(
                                methods, files, Version.current(), pipeline, ids, settings.rest()),
                        socket,
                        new OpenAiEdge(methods, pipeline, ids, settings.rest()),
                        new RestEdge(methods, pipeline, ids, settings.rest()));
        edges.forEach(edge -> edge.register(routes));
        paths = edges.stream().flatMap(edge -> edge.paths().stream()).toList();
        boolean reflection = settings.listener().transport() == Transport.NETTY;
        listener =
                new Listener(
                        settings.listener(),
                        routes,
                        TransportRefusals.handlers(ids),
                        grpc.services(methods, reflection),
                        List.of(),
                        List.of(socket.upgrader()));
        readiness.watch(state -> grpc.serving(state == Readiness.State.READY));
    }

    private static void settle(int left) {
        if (left > 0) {
            LOG.warn("{} runs were cut off when the server stopped; they are interrupted", left);
        }
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
        archiver.close();
        retention.close();
        providers.close();
        metrics.close();
        database.close();
    }
}
