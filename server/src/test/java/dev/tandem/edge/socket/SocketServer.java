package dev.tandem.edge.socket;

import dev.tandem.auth.Authenticator;
import dev.tandem.auth.Caller;
import dev.tandem.auth.FrontDoor;
import dev.tandem.edge.listener.Listener;
import dev.tandem.edge.listener.ListenerSettings;
import dev.tandem.edge.listener.ListenerSettings.Timeouts;
import dev.tandem.edge.listener.TlsSettings;
import dev.tandem.edge.rest.RestEdge;
import dev.tandem.edge.rest.RestSettings;
import dev.tandem.edge.rest.TransportRefusals;
import dev.tandem.id.Ids;
import dev.tandem.observe.CallObserver.CallEnd;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.testing.FakeContract;
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

/// The product's listener with the WebSocket in front of given methods.
final class SocketServer implements AutoCloseable {
    private final Listener listener;
    private final BlockingQueue<CallEnd> ended = new LinkedBlockingQueue<>();
    private final String scheme;

    /// What a test wants otherwise than the product has it.
    record Setup(
            SocketSettings socket,
            Timeouts timeouts,
            FrontDoor door,
            Authenticator authenticator,
            List<String> origins,
            Optional<TlsSettings> tls) {

        static Setup usual() {
            return new Setup(
                    SocketSettings.DEFAULTS,
                    Timeouts.defaults(),
                    FrontDoor.loopbackOnly(),
                    _ -> Caller.ANONYMOUS,
                    List.of(),
                    Optional.empty());
        }

        Setup with(SocketSettings socket) {
            return new Setup(socket, timeouts, door, authenticator, origins, tls);
        }

        Setup with(Timeouts timeouts) {
            return new Setup(socket, timeouts, door, authenticator, origins, tls);
        }

        Setup with(Authenticator authenticator) {
            return new Setup(socket, timeouts, FrontDoor.open(), authenticator, origins, tls);
        }

        Setup letting(String origin) {
            return new Setup(socket, timeouts, door, authenticator, List.of(origin), tls);
        }

        Setup with(TlsSettings tls) {
            return new Setup(socket, timeouts, door, authenticator, origins, Optional.of(tls));
        }
    }

    SocketServer(FakeContract contract) {
        this(contract, Setup.usual());
    }

    SocketServer(FakeContract contract, Setup setup) {
        this(contract.methods(), setup);
    }

    SocketServer(List<RpcMethod<?, ?>> methods, Setup setup) {
        Ids ids = new Ids(InstantSource.system(), new SecureRandom());
        Pipeline pipeline = new Pipeline(setup.door(), setup.authenticator(), _ -> {}, ended::add);
        RestSettings rest = new RestSettings(100_000);
        SocketEdge edge =
                new SocketEdge(methods, pipeline, ids, rest, setup.socket(), setup.origins());
        HttpRouting.Builder routes = HttpRouting.builder();
        edge.register(routes);
        new RestEdge(methods, pipeline, ids, rest).register(routes);
        ListenerSettings d = ListenerSettings.defaults();
        listener =
                new Listener(
                                new ListenerSettings(
                                        "127.0.0.1",
                                        0,
                                        d.transport(),
                                        setup.timeouts(),
                                        d.limits(),
                                        d.keepAlive(),
                                        setup.tls()),
                                routes,
                                TransportRefusals.handlers(ids),
                                List.of(),
                                List.of(),
                                List.of(edge.upgrader()))
                        .start();
        scheme = setup.tls().isPresent() ? "wss" : "ws";
    }

    int port() {
        return listener.port();
    }

    URI uri() {
        return URI.create(scheme + "://localhost:" + port() + "/v1/ws");
    }

    /// How the next call ended.
    CallEnd awaitEnd() throws InterruptedException {
        CallEnd end = ended.poll(10, TimeUnit.SECONDS);
        if (end == null) {
            throw new AssertionError("no call ended within 10 s");
        }
        return end;
    }

    void drain(Duration limit) {
        listener.drain(limit);
    }

    @Override
    public void close() {
        listener.close();
    }
}
