package dev.tandem.provider.http;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/// Where requests of one provider go. A class and not a record: the headers hold a key, which
/// nothing may print.
public final class Endpoint {
    private final String name;
    private final URI uri;
    private final Map<String, String> headers;
    private final UpstreamLimits limits;

    /// @param name the provider's name, as messages to clients tell it
    /// @param headers sent with every request; never shown
    public Endpoint(String name, URI uri, Map<String, String> headers, UpstreamLimits limits) {
        this.name = name;
        this.uri = uri;
        this.headers = Map.copyOf(headers);
        this.limits = limits;
    }

    public String name() {
        return name;
    }

    /// The same, for an exchange that must be over sooner.
    public Endpoint within(Duration total) {
        return new Endpoint(
                name, uri, headers, new UpstreamLimits(limits.headers(), limits.idle(), total));
    }

    URI uri() {
        return uri;
    }

    Map<String, String> headers() {
        return headers;
    }

    UpstreamLimits limits() {
        return limits;
    }

    @Override
    public String toString() {
        return name + " at " + uri;
    }
}
