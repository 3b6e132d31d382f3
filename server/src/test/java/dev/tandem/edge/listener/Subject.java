package dev.tandem.edge.listener;

import dev.tandem.edge.rest.TransportRefusals;
import dev.tandem.id.Ids;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A running server that serves the probe, and a client of it.
final class Subject implements AutoCloseable {

    static final int MESSAGE_BYTES_MAX = 8 << 20;
    static final int STREAMS_MAX = 500;

    private static final Ids IDS = new Ids(InstantSource.system(), new SecureRandom());

    final Events events = new Events();
    final ProbeService service = new ProbeService(events);
    final ProbeRoutes routes = new ProbeRoutes(events);
    final int port;
    private final Consumer<Duration> drain;

    /// Starts a server for a probe.
    interface Start {
        Running start(Subject subject) throws IOException;
    }

    record Running(int port, Consumer<Duration> drain) {}

    private Subject(Start start) throws IOException {
        Running running = start.start(this);
        port = running.port();
        drain = running.drain();
    }

    /// Our listener, on one transport.
    static Subject listener(Transport transport) throws IOException {
        return listener(TestSettings.defaults().over(transport));
    }

    static Subject listener(ListenerSettings settings) throws IOException {
        return new Subject(
                subject -> {
                    Listener listener =
                            new Listener(
                                            settings,
                                            subject.routes.routing(),
                                            TransportRefusals.handlers(IDS),
                                            List.of(subject.service.bindService()),
                                            List.of(new EchoInterceptor()),
                                            List.of())
                                    .start();
                    return new Running(listener.port(), listener::drain);
                });
    }

    /// grpc-java's own server: what clients expect is what it does.
    static Subject grpcNetty() throws IOException {
        return grpcNetty(0);
    }

    static Subject grpcNetty(int port) throws IOException {
        return new Subject(
                subject -> {
                    Server server =
                            NettyServerBuilder.forAddress(
                                            new InetSocketAddress(
                                                    InetAddress.getLoopbackAddress(), port))
                                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                                    .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                                    .maxConcurrentCallsPerConnection(STREAMS_MAX)
                                    .addService(
                                            ServerInterceptors.intercept(
                                                    subject.service, new EchoInterceptor()))
                                    .build()
                                    .start();
                    return new Running(server.getPort(), limit -> server.shutdownNow());
                });
    }

    ManagedChannel channel() {
        return NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .maxInboundMessageSize(64 << 20)
                .build();
    }

    static void close(ManagedChannel channel) throws InterruptedException {
        boolean ignored = channel.shutdownNow().awaitTermination(1, TimeUnit.SECONDS);
    }

    RawHttp1 http1() throws IOException {
        return new RawHttp1(port);
    }

    RawHttp2 http2() throws IOException {
        return new RawHttp2(port);
    }

    void drain(Duration limit) {
        drain.accept(limit);
    }

    @Override
    public void close() {
        drain(Duration.ZERO);
    }
}
