package dev.tandem.mcp.http;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.provider.http.Endpoint;
import dev.tandem.provider.http.Exchange;
import dev.tandem.provider.http.UpstreamClient;
import dev.tandem.provider.http.UpstreamLimits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Requests to one server, as its operator and the authorizer want them. It follows a redirect only
/// where the same origin answers, for another must not get our headers, and asks anew where the
/// authorizer says that it pays. Safe for use by many threads.
final class HttpCalls {
    static final Duration FOREVER = Duration.ofDays(365);
    static final String SERVER = "The MCP server";

    private static final int REDIRECTS_MAX = 3;

    /// Of each status.
    private static final int REFUSALS_MAX = 2;

    private final UpstreamClient client;
    private final HttpEndpoint endpoint;
    private final Authorizer authorizer;
    private final AddressRule rule;

    /// @param body of a `POST`; without line breaks
    record Call(String method, URI url, Map<String, String> headers, Optional<String> body) {}

    HttpCalls(
            UpstreamClient client, HttpEndpoint endpoint, Authorizer authorizer, AddressRule rule) {
        this.client = client;
        this.endpoint = endpoint;
        this.authorizer = authorizer;
        this.rule = rule;
    }

    /// What a sender is told that was interrupted.
    static IOException stopped(InterruptedException stopped) {
        Thread.currentThread().interrupt();
        InterruptedIOException told = new InterruptedIOException("the sender was stopped");
        told.initCause(stopped);
        return told;
    }

    URI url() {
        return endpoint.url();
    }

    /// Where the server is, for logs.
    @Override
    public String toString() {
        return endpoint.toString();
    }

    /// Sends a request and waits until its answer begins. The caller closes the answer.
    ///
    /// @param limit of the time until it has ended
    /// @throws Failure UNAUTHORIZED or FORBIDDEN where the server refuses us; INVALID_REQUEST where
    ///     its address is not allowed; UPSTREAM_UNAVAILABLE, UPSTREAM_ERROR or UPSTREAM_TIMEOUT
    ///     where there is no answer
    Exchange send(Call call, Duration limit) throws InterruptedException {
        Refused refused = new Refused();
        URI url = call.url();
        int redirects = 0;
        while (true) {
            Exchange exchange = begin(call, url, limit);
            boolean handedOn = false;
            try {
                int status = status(exchange);
                if ((status == 307 || status == 308) && redirects++ < REDIRECTS_MAX) {
                    url = redirected(url, exchange);
                } else if (status == 401 || status == 403) {
                    refused.again(status, exchange.header("WWW-Authenticate"));
                } else {
                    handedOn = true;
                    return exchange;
                }
            } finally {
                if (!handedOn) {
                    exchange.close();
                }
            }
        }
    }

    /// Tells a server where nobody listens from everything else that cannot be reached, such as
    /// whoever gives out tokens.
    private static int status(Exchange exchange) throws InterruptedException {
        try {
            return exchange.status();
        } catch (Failure failed) {
            throw failed.getCause() instanceof ConnectException refused
                    ? new Failure(failed.code(), failed.text(), new NobodyThere(refused))
                    : failed;
        }
    }

    private Exchange begin(Call call, URI url, Duration limit) throws InterruptedException {
        if (rule != AddressRule.ANY) {
            rule.check(url);
        }
        Map<String, String> headers = new HashMap<>();
        endpoint.headers().forEach((name, value) -> headers.put(name, value.reveal()));
        Optional<String> credentials = authorizer.header();
        if (credentials.isPresent()) {
            headers.keySet().removeIf("Authorization"::equalsIgnoreCase);
            headers.put("Authorization", credentials.get());
        }
        headers.putAll(call.headers());
        UpstreamLimits limits = new UpstreamLimits(limit, limit, limit);
        Endpoint to = new Endpoint(SERVER, url, headers, limits);
        return call.body().isPresent()
                ? client.post(to, call.body().get().getBytes(StandardCharsets.UTF_8))
                : client.ask(call.method(), to);
    }

    private static URI redirected(URI from, Exchange exchange) throws InterruptedException {
        String location = exchange.header("Location").orElse("");
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException malformed) {
            throw new Failure(
                    FailureCode.UPSTREAM_ERROR,
                    SERVER + " redirects to what is no URL.",
                    malformed);
        }
        if (!Origin.isHttp(to) || !Origin.of(to).equals(Origin.of(from))) {
            throw new Failure(
                    FailureCode.UPSTREAM_ERROR,
                    SERVER + " redirects to another origin, which is not followed; use that URL.");
        }
        return to;
    }

    /// How often one request was refused.
    private final class Refused {
        private final Map<Integer, Integer> times = new HashMap<>();

        /// Returns where another attempt pays.
        void again(int status, Optional<String> wwwAuthenticate) throws InterruptedException {
            int before = times.merge(status, 1, Integer::sum);
            if (before <= REFUSALS_MAX
                    && authorizer.refused(new Authorizer.Refusal(status, wwwAuthenticate))) {
                return;
            }
            throw status == 401
                    ? new Failure(
                            FailureCode.UNAUTHORIZED,
                            SERVER
                                    + " wants to know who we are (HTTP 401); give it a key or log in.")
                    : new Failure(
                            FailureCode.FORBIDDEN,
                            SERVER + " does not let us in (HTTP 403); its owner has to allow it.");
        }
    }
}
