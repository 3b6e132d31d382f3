package dev.tandem.mcp.http;

import dev.tandem.failure.Failure;
import dev.tandem.secret.Secret;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Where an MCP server is, and the headers that its operator sends it.
///
/// @param url of scheme `http` or `https`, without a user or a fragment
/// @param headers sent with every request; not those that the transport sets itself
public record HttpEndpoint(URI url, Map<String, Secret> headers) {
    private static final Set<String> OURS =
            Set.of(
                    "accept",
                    "connection",
                    "content-length",
                    "content-type",
                    "host",
                    "last-event-id",
                    "mcp-method",
                    "mcp-name",
                    "mcp-protocol-version",
                    "mcp-session-id",
                    "transfer-encoding",
                    "upgrade");

    /// @throws Failure INVALID_REQUEST, param `url` or `headers`
    public HttpEndpoint {
        Origin.check("url", url);
        Map<String, Secret> checked = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach(
                (name, value) -> {
                    if (!HeaderText.isName(name) || OURS.contains(HeaderText.lower(name))) {
                        throw Failure.invalid(
                                "headers", "headers must not have one named '" + name + "'.");
                    }
                    if (!HeaderText.isPlain(value.reveal())) {
                        throw Failure.invalid(
                                "headers", "headers." + name + " must be printable ASCII.");
                    }
                    checked.put(name, value);
                });
        headers = Map.copyOf(checked);
    }

    /// A server that needs no headers.
    public HttpEndpoint(URI url) {
        this(url, Map.of());
    }

    /// Without what may be secret: the query and the values of the headers.
    @Override
    public String toString() {
        return Origin.of(url).text() + url.getRawPath() + " " + headers.keySet();
    }
}
