package dev.tandem.edge.listener;

import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http1.Http1ConnectionSelectorConfig;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Opens the session that a connection's first bytes ask for.
final class Sessions implements AutoCloseable {

    private final ListenerSettings settings;
    private final Deadlines deadlines;
    private final @Nullable TlsFiles tls;
    private final ServerConnectionSelector http1;
    private final Http2Codec http2;

    /// @param upgraders what an HTTP/1.1 connection may become; a stream of HTTP/2 cannot
    Sessions(ListenerSettings settings, GrpcCalls calls, List<Http1Upgrader> upgraders) {
        this.settings = settings;
        this.tls = settings.tls().map(TlsFiles::new).orElse(null);
        this.deadlines = new Deadlines(settings.timeouts().head());
        this.http1 = http1(settings, upgraders);
        this.http2 = new Http2Codec(settings, http1(settings, List.of()), calls);
    }

    private static ServerConnectionSelector http1(
            ListenerSettings settings, List<Http1Upgrader> upgraders) {
        Http1ConnectionSelectorConfig.Builder http1 =
                Http1ConnectionSelector.builder()
                        .config(
                                Http1Config.builder()
                                        .maxHeadersSize(settings.limits().headBytesMax())
                                        .build());
        upgraders.forEach(http1::addUpgrader);
        return http1.build();
    }

    Deadline deadline(Runnable missed) {
        return deadlines.open(missed);
    }

    Duration headTimeout() {
        return settings.timeouts().head();
    }

    /// The connection as it is, or with TLS below it where the port speaks TLS.
    ///
    /// @throws SSLException if the client and we do not agree on one
    ConnectionContext secured(ConnectionContext context) throws SSLException {
        return tls == null ? context : TlsConnection.secure(context, tls.engine());
    }

    ServerConnection http1(ConnectionContext context, Deadline deadline) {
        return new Http1Session(context, http1, settings, deadline);
    }

    ServerConnection http2(ConnectionContext context, Deadline deadline) {
        return new Http2Session(context, http2, deadline);
    }

    @Override
    public void close() {
        if (tls != null) {
            tls.close();
        }
        http2.close();
        deadlines.close();
    }
}
