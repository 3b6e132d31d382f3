package dev.tandem.edge.listener;

import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.grpc.GrpcConfig;
import io.helidon.webserver.grpc.GrpcRouting;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http2.Http2Config;
import java.time.Duration;
import java.util.List;

/// Everything on Helidon, as it comes.
final class HelidonWires implements Wires {

    private final ListenerSettings.Limits limits;
    private final GrpcRouting.Builder routing = GrpcRouting.builder();

    HelidonWires(
            ListenerSettings settings,
            List<ServerServiceDefinition> services,
            List<ServerInterceptor> interceptors) {
        this.limits = settings.limits();
        interceptors.forEach(routing::intercept);
        services.forEach(routing::service);
    }

    @Override
    public void addTo(WebServerConfig.Builder server, HttpRouting.Builder routes) {
        server.addRouting(routing)
                .addProtocol(Http1Config.builder().maxHeadersSize(limits.headBytesMax()).build())
                .addProtocol(
                        Http2Config.builder()
                                .maxConcurrentStreams(limits.streamsMax())
                                .maxHeaderListSize(limits.headBytesMax())
                                .maxRapidResets(limits.resetsMax())
                                .rapidResetCheckPeriod(limits.resetWindow())
                                .build())
                .addProtocol(
                        GrpcConfig.builder().maxReadBufferSize(limits.messageBytesMax()).build());
    }

    @Override
    public Duration grace() {
        return Duration.ofMillis(200);
    }

    @Override
    public void cut() {
        // the grace period is over sooner than anyone could ask
    }

    @Override
    public void close() {
        // nothing is ours
    }
}
