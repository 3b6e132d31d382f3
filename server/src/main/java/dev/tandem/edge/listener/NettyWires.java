package dev.tandem.edge.listener;

import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import java.time.Duration;
import java.util.List;

/// HTTP/1.1 on Helidon, HTTP/2 on Netty's codec, gRPC on grpc-java's in-process server.
final class NettyWires implements Wires {

    private final GrpcCalls calls;
    private final Sessions sessions;
    private final WireSelector selector;

    NettyWires(
            ListenerSettings settings,
            List<ServerServiceDefinition> services,
            List<ServerInterceptor> interceptors,
            List<Http1Upgrader> upgraders) {
        this.calls = new GrpcCalls(services, interceptors, settings.limits().messageBytesMax());
        this.sessions = new Sessions(settings, calls, upgraders);
        this.selector = new WireSelector(sessions);
    }

    @Override
    public void addTo(WebServerConfig.Builder server, HttpRouting.Builder routes) {
        routes.addFeature(new GrpcWeb(calls));
        server.protocolsDiscoverServices(false).addConnectionSelector(selector);
    }

    /// Longer than any drain: the listener itself cuts what does not end in time.
    @Override
    public Duration grace() {
        return Duration.ofDays(1);
    }

    @Override
    public void cut() {
        selector.cutAll();
    }

    @Override
    public void close() {
        calls.close();
        sessions.close();
    }
}
