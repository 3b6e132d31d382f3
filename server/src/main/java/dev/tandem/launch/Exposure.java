package dev.tandem.launch;

import dev.tandem.auth.FrontDoor;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Set;

/// How far the server can be reached, and whether that is safe: without keys it must be this
/// machine only, unless the operator says that the network around it is trusted.
///
/// @param host what the server binds
/// @param hasKeys whether callers need a key
/// @param insecure `server.insecure`
record Exposure(String host, boolean hasKeys, boolean insecure) {

    Exposure {
        if (!hasKeys && !insecure && !isLoopback(host)) {
            throw new SettingsException(
                    "server.host is "
                            + host
                            + ", so other machines could use this server, and it has no keys:"
                            + " configure auth.keys, or set server.insecure: true to serve"
                            + " everybody who can reach it");
        }
    }

    /// Who may come in at all.
    ///
    /// @param webOrigins whose pages may
    FrontDoor frontDoor(Collection<String> webOrigins) {
        return hasKeys || insecure
                ? FrontDoor.open()
                : FrontDoor.loopbackOnly(Set.copyOf(webOrigins));
    }

    static boolean isLoopback(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException aName) {
            return false;
        }
    }
}
