package dev.tandem.provider.http;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// The HTTP client of all providers: one pool of connections, HTTP/2 where TLS agrees on it. It
/// follows no redirect, for a redirect would carry the key elsewhere. Lives as long as the server.
/// One thread of the client's receives for all; nothing that it calls may block.
public final class UpstreamClient implements AutoCloseable {
    private final Watchdog watchdog = new Watchdog();
    private final HttpClient http;

    /// @param connect the most time to reach an upstream
    public UpstreamClient(Duration connect) {
        this.http =
                HttpClient.newBuilder()
                        // What there is to do for a piece is done where it arrives, on the
                        // client's own thread: another one for each would cost more than the work.
                        .executor(Runnable::run)
                        .connectTimeout(connect)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build();
    }

    /// Sends a request and returns at once. The caller closes the exchange.
    public Exchange post(Endpoint endpoint, byte[] body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(endpoint.uri())
                        .version(version(endpoint))
                        .POST(BodyPublishers.ofByteArray(body));
        endpoint.headers().forEach(request::setHeader);
        IncomingAnswer answer = new IncomingAnswer();
        CompletableFuture<?> pending = http.sendAsync(request.build(), answer);
        CompletableFuture<?> _ = pending.handle((_, problem) -> answer.failed(problem));
        Exchange exchange = new Exchange(endpoint, answer, pending, watchdog);
        watchdog.guard(exchange);
        return exchange;
    }

    @Override
    public void close() {
        http.shutdownNow();
        watchdog.close();
    }

    /// Without TLS there is nothing that agrees on HTTP/2 but an upgrade, which proxies mistake.
    private static HttpClient.Version version(Endpoint endpoint) {
        return "https".equalsIgnoreCase(endpoint.uri().getScheme())
                ? HttpClient.Version.HTTP_2
                : HttpClient.Version.HTTP_1_1;
    }
}
