package dev.tandem.edge.listener;

import io.helidon.common.socket.SocketOptions;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import java.time.Duration;

/// A transport, as the listener starts and ends it.
sealed interface Wires extends AutoCloseable permits NettyWires, HelidonWires {

    /// How long Helidon waits for connections to end before it cuts them itself.
    Duration grace();

    /// Adds to the server what carries the requests, and to the routes what it serves itself.
    void addTo(WebServerConfig.Builder server, HttpRouting.Builder routes);

    /// Closes every connection at once.
    void cut();

    @Override
    void close();

    default WebServer server(ListenerSettings settings, HttpRouting.Builder routes) {
        ListenerSettings.Limits limits = settings.limits();
        WebServerConfig.Builder server =
                WebServer.builder()
                        .host(settings.host())
                        .port(settings.port())
                        .maxTcpConnections(limits.connectionsMax())
                        .maxPayloadSize(limits.bodyBytesMax())
                        .shutdownGracePeriod(grace())
                        .shutdownHook(false)
                        .connectionOptions(
                                SocketOptions.builder()
                                        .tcpNoDelay(true)
                                        .socketKeepAlive(true)
                                        .socketSendBufferSize(limits.sendBufferBytes())
                                        .build())
                        .addRouting(routes);
        addTo(server, routes);
        return server.build();
    }
}
