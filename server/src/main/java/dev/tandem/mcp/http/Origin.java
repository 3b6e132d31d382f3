package dev.tandem.mcp.http;

import dev.tandem.failure.Failure;
import java.net.URI;

/// Who answers at a URL: what may be told to one origin may not be told to another.
///
/// @param host in small letters
record Origin(String scheme, String host, int port) {
    static Origin of(URI url) {
        String scheme = HeaderText.lower(url.getScheme());
        int standard = scheme.equals("https") ? 443 : 80;
        int port = url.getPort() < 0 ? standard : url.getPort();
        return new Origin(scheme, HeaderText.lower(url.getHost()), port);
    }

    /// Such as `https://mcp.example.com:443`.
    String text() {
        return scheme + "://" + host + ":" + port;
    }

    /// Whether a URL leads somewhere over HTTP.
    static boolean isHttp(URI url) {
        return url.getScheme() != null
                && url.getScheme().matches("(?i)https?")
                && url.getHost() != null;
    }

    /// @throws Failure INVALID_REQUEST, naming `param`
    static void check(String param, URI url) {
        if (!isHttp(url)) {
            throw Failure.invalid(param, param + " must be like https://mcp.example.com/mcp.");
        }
        if (url.getUserInfo() != null || url.getFragment() != null) {
            throw Failure.invalid(
                    param, param + " must have no user and no fragment; use headers for a key.");
        }
    }
}
