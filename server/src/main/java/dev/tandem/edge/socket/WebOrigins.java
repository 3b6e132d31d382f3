package dev.tandem.edge.socket;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Which web pages may open a WebSocket. Browsers let any page try, and CORS does not hold for it,
/// so the server itself looks at the origin: it must be listed, or the server's own.
final class WebOrigins {
    private final Set<String> listed;

    WebOrigins(Collection<String> listed) {
        this.listed = Set.copyOf(listed);
    }

    /// Lets a page in. The front door lets pages of this machine into a server without keys, and
    /// has been passed before.
    ///
    /// @param host the host that the page believes to talk to
    /// @throws Failure FORBIDDEN
    void enter(Optional<String> origin, Optional<String> host) {
        if (origin.isPresent() && !mayCome(origin.get(), host.orElse(""))) {
            throw new Failure(
                    FailureCode.FORBIDDEN,
                    "Pages of "
                            + origin.get()
                            + " may not open a WebSocket; list it as one of server.cors.origins to"
                            + " let it in.");
        }
    }

    private boolean mayCome(String origin, String host) {
        String authority = authority(origin);
        return listed.contains(origin)
                || (!authority.isEmpty() && authority.equalsIgnoreCase(host))
                || (isLoopback(authority) && isLoopback(host));
    }

    private static String authority(String origin) {
        int scheme = origin.indexOf("://");
        return scheme < 0 ? "" : origin.substring(scheme + 3);
    }

    private static boolean isLoopback(String authority) {
        String host = authority.replaceFirst(":[0-9]+$", "").toLowerCase(Locale.ROOT);
        return host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
    }
}
