package dev.tandem.edge.listener;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import java.time.Duration;
import java.util.List;

/// The server's one port. It serves REST routes over HTTP/1.1 and HTTP/2 and gRPC services over
/// HTTP/2, all at once and on the same connection.
///
/// A handler may block: each request has a virtual thread of its own, and that thread is
/// interrupted when the client leaves. A gRPC service sees the same as cancellation.
public final class Listener implements AutoCloseable {

    private final Wires wires;
    private final WebServer server;
    private final String address;

    /// @param routes the REST routes
    /// @param refusals the answers to requests that fail before they reach a route
    /// @param services the gRPC services
    /// @param interceptors around every gRPC call, the first one outermost
    /// @param upgraders what an HTTP/1.1 connection may become; only on [Transport#NETTY]
    public Listener(
            ListenerSettings settings,
            HttpRouting.Builder routes,
            DirectHandlers refusals,
            List<ServerServiceDefinition> services,
            List<ServerInterceptor> interceptors,
            List<Http1Upgrader> upgraders) {
        this.wires =
                switch (settings.transport()) {
                    case NETTY -> new NettyWires(settings, services, interceptors, upgraders);
                    case HELIDON -> new HelidonWires(settings, services, interceptors);
                };
        this.server = wires.server(settings, routes, refusals);
        this.address = settings.host() + ":" + settings.port();
    }

    /// Binds the port and begins to serve.
    ///
    /// @throws Failure CONFLICT if the port cannot be bound
    public Listener start() {
        server.start();
        // Helidon logs that it could not start, and returns.
        if (!server.isRunning()) {
            throw new Failure(
                    FailureCode.CONFLICT,
                    address
                            + " cannot be bound; another program may have it: stop that one, or"
                            + " choose another port with server.port");
        }
        return this;
    }

    /// The port that is bound, or -1 before [#start].
    public int port() {
        return server.port();
    }

    /// Ends in peace: takes no new connection and no new request, lets those under way finish for
    /// as long as `limit` allows, and cuts what is left.
    public void drain(Duration limit) {
        Thread stop = Thread.ofVirtual().name("listener-stop").start(server::stop);
        try {
            if (!stop.join(limit)) {
                wires.cut();
                stop.join();
            }
        } catch (InterruptedException e) {
            wires.cut();
            Thread.currentThread().interrupt();
        } finally {
            wires.close();
        }
    }

    /// Ends at once.
    @Override
    public void close() {
        drain(Duration.ZERO);
    }
}
