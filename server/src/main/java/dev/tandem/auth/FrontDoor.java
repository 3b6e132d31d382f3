package dev.tandem.auth;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Keeps web pages out of a server without keys: whoever can reach it may call it, so a page in the
/// operator's browser must not reach it by DNS rebinding or by a post across origins.
public final class FrontDoor {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private final boolean guarded;
    private final Set<String> webOrigins;

    private FrontDoor(boolean guarded, Set<String> webOrigins) {
        this.guarded = guarded;
        this.webOrigins = webOrigins;
    }

    /// Lets only loopback hosts in, and no web page of another origin.
    public static FrontDoor loopbackOnly() {
        return loopbackOnly(Set.of());
    }

    /// Lets only loopback hosts in, and of other origins only the listed ones.
    public static FrontDoor loopbackOnly(Set<String> webOrigins) {
        return new FrontDoor(true, webOrigins);
    }

    /// Lets everybody in; keys decide.
    public static FrontDoor open() {
        return new FrontDoor(false, Set.of());
    }

    /// Lets a call in.
    ///
    /// @throws Failure FORBIDDEN where the host is not loopback, or the web page is another's
    public void enter(Optional<String> host, Optional<String> webOrigin) {
        if (!guarded) {
            return;
        }
        if (host.isPresent() && !isLoopback(host.get())) {
            throw new Failure(
                    FailureCode.FORBIDDEN,
                    "This server has no keys and answers only as localhost, not as "
                            + host.get()
                            + "; configure auth.keys to serve other hosts.");
        }
        if (webOrigin.isPresent() && !mayCome(webOrigin.get())) {
            throw new Failure(
                    FailureCode.FORBIDDEN,
                    "This server has no keys and refuses web pages of other origins, here "
                            + webOrigin.get()
                            + "; list it as one of server.cors.origins to let it in.");
        }
    }

    private boolean mayCome(String origin) {
        return webOrigins.contains(origin) || isLoopbackOrigin(origin);
    }

    private static boolean isLoopbackOrigin(String origin) {
        int scheme = origin.indexOf("://");
        return scheme > 0 && isLoopback(origin.substring(scheme + 3));
    }

    private static boolean isLoopback(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        boolean hasPort = colon > 0 && hostAndPort.indexOf(']', colon) < 0;
        boolean bareV6 = hostAndPort.indexOf(':') != colon && !hostAndPort.startsWith("[");
        String host = hasPort && !bareV6 ? hostAndPort.substring(0, colon) : hostAndPort;
        return LOOPBACK.contains(host.toLowerCase(Locale.ROOT));
    }
}
