package dev.tandem.edge.mcp;

import dev.tandem.auth.Authenticator;
import dev.tandem.auth.Caller;
import dev.tandem.auth.FrontDoor;
import dev.tandem.edge.listener.Listener;
import dev.tandem.edge.listener.ListenerSettings;
import dev.tandem.edge.rest.RestEdge;
import dev.tandem.edge.rest.RestSettings;
import dev.tandem.edge.rest.TransportRefusals;
import dev.tandem.id.Ids;
import dev.tandem.observe.CallObserver.CallEnd;
import dev.tandem.rpc.Pipeline;
import dev.tandem.tool.ToolSource;
import dev.tandem.toolbox.Toolbox;
import io.helidon.webserver.http.HttpRouting;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The product's listener with `/mcp` in front of given tools.
final class McpServer implements AutoCloseable {
    static final int BODY_MAX = 100_000;

    private final Listener listener;
    private final McpEdge edge;
    private final BlockingQueue<CallEnd> ended = new LinkedBlockingQueue<>();

    /// What a test wants otherwise than the product has it.
    record Setup(
            McpEdgeSettings settings,
            FrontDoor door,
            Authenticator authenticator,
            InstantSource clock) {

        static Setup usual() {
            return new Setup(
                    McpEdgeSettings.DEFAULTS,
                    FrontDoor.loopbackOnly(),
                    _ -> Caller.ANONYMOUS,
                    InstantSource.system());
        }

        Setup with(McpEdgeSettings settings) {
            return new Setup(settings, door, authenticator, clock);
        }

        Setup with(Authenticator authenticator) {
            return new Setup(settings, FrontDoor.open(), authenticator, clock);
        }

        Setup with(InstantSource clock) {
            return new Setup(settings, door, authenticator, clock);
        }
    }

    McpServer(Toolbox toolbox, ToolSource source) {
        this(toolbox, source, Setup.usual());
    }

    McpServer(Toolbox toolbox, ToolSource source, Setup setup) {
        Ids ids = new Ids(InstantSource.system(), new SecureRandom());
        Pipeline pipeline = new Pipeline(setup.door(), setup.authenticator(), _ -> {}, ended::add);
        RestSettings rest = new RestSettings(BODY_MAX);
        edge =
                new McpEdge(
                        new McpEdge.Behind(
                                toolbox, source, "1.2.3", setup.clock(), new SecureRandom()),
                        pipeline,
                        ids,
                        rest,
                        setup.settings());
        HttpRouting.Builder routes = HttpRouting.builder();
        edge.register(routes);
        new RestEdge(List.of(), pipeline, ids, rest).register(routes);
        ListenerSettings d = ListenerSettings.defaults();
        listener =
                new Listener(
                                new ListenerSettings(
                                        "127.0.0.1",
                                        0,
                                        d.transport(),
                                        d.timeouts(),
                                        d.limits(),
                                        d.keepAlive(),
                                        Optional.empty()),
                                routes,
                                TransportRefusals.handlers(ids),
                                List.of(),
                                List.of(),
                                List.of())
                        .start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + listener.port() + McpEdge.PATH);
    }

    int port() {
        return listener.port();
    }

    /// How the next call ended.
    CallEnd awaitEnd() throws InterruptedException {
        CallEnd end = ended.poll(10, TimeUnit.SECONDS);
        if (end == null) {
            throw new AssertionError("no call ended within 10 s");
        }
        return end;
    }

    /// Stops as the product does.
    void drain(Duration limit) {
        edge.stop();
        listener.drain(limit);
    }

    @Override
    public void close() {
        edge.stop();
        listener.close();
    }
}
