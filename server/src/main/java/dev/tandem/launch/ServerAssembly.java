package dev.tandem.launch;

import dev.tandem.auth.KeyList;
import dev.tandem.edge.listener.Listener;
import dev.tandem.edge.mcp.McpEdge;
import dev.tandem.edge.operations.Probe;
import dev.tandem.edge.operations.Vitals;
import dev.tandem.edge.rest.ServedPath;
import dev.tandem.id.Ids;
import dev.tandem.observe.AccessLog;
import dev.tandem.observe.CallMetrics;
import dev.tandem.observe.CallObservers;
import dev.tandem.observe.Readiness;
import dev.tandem.observe.ServerMetrics;
import dev.tandem.project.Workspaces;
import dev.tandem.rpc.Pipeline;
import dev.tandem.run.Runs;
import dev.tandem.watch.SessionFeed;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
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
    private final SessionFeed feed = new SessionFeed();
    private final Runs runs;
    private final Storage storage;
    private final Providers providers;
    private final ServerMetrics metrics;
    private final Answering answering;
    private final Listener listener;
    private final McpEdge endpoint;
    private final List<ServedPath> paths;

    /// Builds the server. Runs that a killed server left are settled by then.
    ServerAssembly(ServerSettings settings) {
        this.settings = settings;
        InstantSource clock = Clock.tickMillis(ZoneOffset.UTC);
        Instant started = clock.instant();
        SecureRandom random = new SecureRandom();
        Ids ids = new Ids(clock, random);

        // The database, TLS and Helidon's meters each take a tenth of a second to come up.
        Supplier<Duration> uptime = () -> Duration.between(started, clock.instant());
        Ahead<Providers> upstreams = Ahead.make("start-providers", () -> new Providers(settings));
        Ahead<ServerMetrics> meters =
                Ahead.make("start-meters", () -> new ServerMetrics(Version.current(), uptime));

        runs = new Runs(settings.runs());
        storage = new Storage(settings, runs, feed, ids, clock);
        providers = upstreams.get();
        metrics = meters.get();
        Workspaces workspaces = new Workspaces(settings.workspaces());
        answering =
                new Answering(settings, runs, storage, providers, workspaces, metrics, ids, clock);

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
        Methods methods =
                new Methods(settings, runs, feed, storage, workspaces, answering, ids, clock);
        McpEdge.Behind tools =
                new McpEdge.Behind(
                        answering.toolbox, answering.mcp.hub, Version.current(), clock, random);
        Edges edges =
                new Edges(
                        settings,
                        methods.all(),
                        pipeline,
                        ids,
                        vitals,
                        metrics,
                        answering.mcp.signIns,
                        tools);
        listener = edges.listener;
        endpoint = edges.mcp;
        paths = edges.paths;
        readiness.watch(state -> edges.grpc.serving(state == Readiness.State.READY));
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
        answering.governance.approvals.letGo();
        Instant deadline = Instant.now().plus(settings.shutdownLimit());
        try {
            runs.drain(settings.shutdownLimit());
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        feed.close();
        endpoint.stop();
        Duration left = Duration.between(Instant.now(), deadline);
        listener.drain(left.isNegative() ? Duration.ofSeconds(1) : left.plusSeconds(1));
        closeResources();
    }

    private void closeResources() {
        runs.close();
        answering.close();
        providers.close();
        metrics.close();
        storage.close();
    }
}
