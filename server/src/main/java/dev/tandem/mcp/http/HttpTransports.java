package dev.tandem.mcp.http;

import dev.tandem.mcp.McpTransport;
import dev.tandem.provider.http.UpstreamClient;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;

/// Transports to MCP servers that are reached over HTTP, and the connections that they share.
/// Lives as long as the server; whoever creates it closes it, after its transports.
public final class HttpTransports implements AutoCloseable {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(10);

    private final HttpLimits limits;
    private final UpstreamClient any;
    private final UpstreamClient guarded;

    public HttpTransports(HttpLimits limits) {
        this.limits = limits;
        this.any = new UpstreamClient(CONNECT_MAX);
        this.guarded = new UpstreamClient(CONNECT_MAX, AddressRule.PUBLIC::addresses);
    }

    /// A transport that speaks streamable HTTP, or the old HTTP+SSE where the server knows only
    /// that: it declines the first message then.
    public McpTransport either(HttpEndpoint endpoint, Authorizer authorizer, AddressRule rule) {
        return new EitherTransport(calls(endpoint, authorizer, rule), limits);
    }

    /// A transport that speaks streamable HTTP.
    public McpTransport streamable(HttpEndpoint endpoint, Authorizer authorizer, AddressRule rule) {
        return new HttpTransport(calls(endpoint, authorizer, rule), limits);
    }

    /// A transport that speaks HTTP+SSE of the protocol version 2024-11-05.
    public McpTransport sse(HttpEndpoint endpoint, Authorizer authorizer, AddressRule rule) {
        return new SseTransport(calls(endpoint, authorizer, rule), limits);
    }

    private HttpCalls calls(HttpEndpoint endpoint, Authorizer authorizer, AddressRule rule) {
        return new HttpCalls(client(endpoint.url(), rule), endpoint, authorizer, rule);
    }

    /// Behind a proxy it is the proxy that connects; the rule is then asked before each request and
    /// not once more for the connection, which leads to the proxy.
    private UpstreamClient client(URI url, AddressRule rule) {
        ProxySelector proxies = ProxySelector.getDefault();
        boolean direct =
                proxies == null
                        || proxies.select(url).stream()
                                .allMatch(proxy -> proxy.type() == Proxy.Type.DIRECT);
        return rule == AddressRule.PUBLIC && direct ? guarded : any;
    }

    @Override
    public void close() {
        any.close();
        guarded.close();
    }
}
