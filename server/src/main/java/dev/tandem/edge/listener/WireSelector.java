package dev.tandem.edge.listener;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The listener's only connection selector. Being the only one, it is handed every connection
/// before its first byte, so the time-outs hold from there on.
final class WireSelector implements ServerConnectionSelector {

    private final Sessions sessions;
    private final Set<WireConnection> open = ConcurrentHashMap.newKeySet();

    WireSelector(Sessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    @Override
    public Support supports(BufferData data) {
        return Support.SUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return new LinkedHashSet<>(List.of("h2", "http/1.1"));
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        return new WireConnection(context, sessions, open);
    }

    /// Closes every connection there is, at once.
    void cutAll() {
        open.forEach(WireConnection::cut);
    }
}
