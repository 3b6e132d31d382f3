package dev.tandem.provider.http;

import java.net.InetAddress;
import java.net.ProxySelector;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/// The HTTP client of all providers: one pool of connections, HTTP/1.1 over TCP or TLS, through the
/// proxy that the JVM's properties name. It follows no redirect, for a redirect would carry the key
/// elsewhere, keeps no cookies and repeats nothing. Lives as long as the server.
///
/// Whoever reads an answer blocks in its socket: on a virtual thread that costs one system call for
/// a piece, where a client with a selector of its own adds a thread's wake-up (docs/adr/0003).
public final class UpstreamClient implements AutoCloseable {
    /// How many answers are read at once is limited where runs begin.
    private static final int CONNECTIONS_MAX = 100_000;

    /// Services close an idle connection after a minute, give or take.
    private static final TimeValue IDLE_MAX = TimeValue.ofSeconds(30);

    /// From then on a connection is looked at before it is used again.
    private static final TimeValue TRUSTED = TimeValue.ofSeconds(2);

    /// A connection holds three buffers of this size for as long as an answer takes.
    private static final int BUFFER_BYTES = 4 * 1024;

    private static final int HEADERS_MAX = 200;
    private static final int HEADER_LINE_BYTES_MAX = 64 * 1024;

    private final Watchdog watchdog = new Watchdog();
    private final PoolingHttpClientConnectionManager connections;
    private final CloseableHttpClient http;

    /// @param connect the most time to reach an upstream
    public UpstreamClient(Duration connect) {
        this(connect, InetAddress::getAllByName);
    }

    /// @param connect the most time to reach an upstream
    /// @param lookup finds the addresses of a host; a connection goes to one of these and to no
    ///     other
    public UpstreamClient(Duration connect, HostLookup lookup) {
        this.connections = pool(Timeout.ofMilliseconds(connect.toMillis()), resolver(lookup));
        this.http =
                HttpClients.custom()
                        .setConnectionManager(connections)
                        .setRoutePlanner(new SystemDefaultRoutePlanner(ProxySelector.getDefault()))
                        .setDefaultRequestConfig(withoutTimeout())
                        .setUserAgent("tandem")
                        .evictIdleConnections(IDLE_MAX)
                        .disableRedirectHandling()
                        .disableAutomaticRetries()
                        .disableContentCompression()
                        .disableCookieManagement()
                        .disableAuthCaching()
                        .build();
    }

    /// A time-out of the socket's would be a timer for each read; the watchdog needs none.
    private static PoolingHttpClientConnectionManager pool(Timeout connect, DnsResolver hosts) {
        Http1Config http1 =
                Http1Config.custom()
                        .setBufferSize(BUFFER_BYTES)
                        .setMaxHeaderCount(HEADERS_MAX)
                        .setMaxLineLength(HEADER_LINE_BYTES_MAX)
                        .build();
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setConnectionFactory(
                        ManagedHttpClientConnectionFactory.builder().http1Config(http1).build())
                .setDnsResolver(hosts)
                .setMaxConnTotal(CONNECTIONS_MAX)
                .setMaxConnPerRoute(CONNECTIONS_MAX)
                .setDefaultSocketConfig(
                        SocketConfig.custom()
                                .setSoTimeout(Timeout.DISABLED)
                                .setTcpNoDelay(true)
                                .setSoKeepAlive(true)
                                .build())
                .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                                .setConnectTimeout(connect)
                                .setSocketTimeout(Timeout.DISABLED)
                                .setIdleTimeout(Timeout.of(IDLE_MAX.toDuration()))
                                .setValidateAfterInactivity(TRUSTED)
                                .build())
                .build();
    }

    private static DnsResolver resolver(HostLookup lookup) {
        return new DnsResolver() {
            @Override
            public InetAddress[] resolve(String host) throws UnknownHostException {
                return lookup.addresses(host);
            }

            @Override
            public String resolveCanonicalHostname(String host) {
                return host;
            }
        };
    }

    private static RequestConfig withoutTimeout() {
        return RequestConfig.custom()
                .setResponseTimeout(Timeout.DISABLED)
                .setConnectionRequestTimeout(Timeout.of(1, TimeUnit.MINUTES))
                .build();
    }

    /// Prepares an exchange, which its reader begins. The caller closes it.
    public Exchange post(Endpoint endpoint, byte[] body) {
        HttpUriRequestBase request = request("POST", endpoint);
        request.setEntity(new ByteArrayEntity(body, null));
        return exchange(endpoint, request);
    }

    /// The same for a request without a body.
    ///
    /// @param method of HTTP, such as `GET`
    public Exchange ask(String method, Endpoint endpoint) {
        return exchange(endpoint, request(method, endpoint));
    }

    private static HttpUriRequestBase request(String method, Endpoint endpoint) {
        HttpUriRequestBase request = new HttpUriRequestBase(method, endpoint.uri());
        endpoint.headers().forEach(request::setHeader);
        return request;
    }

    private Exchange exchange(Endpoint endpoint, HttpUriRequestBase request) {
        Exchange exchange = new Exchange(endpoint, http, request, watchdog);
        watchdog.guard(exchange);
        return exchange;
    }

    @Override
    public void close() {
        watchdog.close();
        http.close(CloseMode.IMMEDIATE);
        connections.close(CloseMode.IMMEDIATE);
    }
}
