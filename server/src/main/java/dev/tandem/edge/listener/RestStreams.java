package dev.tandem.edge.listener;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnectionSelector;

/// What the plain HTTP requests of one HTTP/2 connection have in common.
///
/// @param context the connection
/// @param http1 Helidon's HTTP/1.1, which answers them
/// @param limit the server's limit of requests at once
/// @param settings the listener's settings
record RestStreams(
        ConnectionContext context,
        ServerConnectionSelector http1,
        Limit limit,
        ListenerSettings settings) {

    RestStream stream(Channel stream) {
        return new RestStream(stream, this);
    }
}
