package dev.tandem.edge.cors;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Tells browsers that pages of the listed origins may call and read everything, and answers their
/// preflights. To pages of other origins it says nothing, so that their browser keeps the answer
/// from them. No cookies are involved, so credentials are never allowed.
public final class Cors implements Filter {

    private static final HeaderName ASKED_METHOD =
            HeaderNames.create("access-control-request-method");
    private static final HeaderName ASKED_HEADERS =
            HeaderNames.create("access-control-request-headers");
    private static final HeaderName ALLOWED_ORIGIN =
            HeaderNames.create("access-control-allow-origin");
    private static final HeaderName ALLOWED_HEADERS =
            HeaderNames.create("access-control-allow-headers");
    private static final HeaderName MAX_AGE = HeaderNames.create("access-control-max-age");
    private static final Header METHODS =
            HeaderValues.createCached(
                    HeaderNames.create("access-control-allow-methods"),
                    "GET, HEAD, POST, PUT, PATCH, DELETE");
    private static final Header EXPOSED =
            HeaderValues.createCached(
                    HeaderNames.create("access-control-expose-headers"),
                    "grpc-status, grpc-message, grpc-status-details-bin, x-request-id, x-run-id,"
                            + " x-tandem-ignored-params, x-should-retry, retry-after, retry-after-ms,"
                            + " www-authenticate, mcp-session-id");
    private static final Header VARY = HeaderValues.createCached(HeaderNames.VARY, "Origin");
    private static final List<String> HEADERS =
            List.of(
                    "authorization",
                    "content-type",
                    "x-api-key",
                    "x-request-id",
                    "idempotency-key",
                    "last-event-id",
                    "x-grpc-web",
                    "x-user-agent",
                    "grpc-timeout");
    private static final Pattern HEADER = Pattern.compile("[a-z0-9_.-]+");

    private final Set<String> origins;
    private final String maxAge;

    public Cors(CorsSettings settings) {
        this.origins = Set.copyOf(settings.origins());
        this.maxAge = Long.toString(settings.maxAge().toSeconds());
    }

    /// Stands before whatever is registered later; where no origin is listed, nowhere.
    public void register(HttpRouting.Builder routing) {
        if (!origins.isEmpty()) {
            routing.addFilter(this);
        }
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        response.header(VARY);
        Optional<String> origin =
                request.headers().first(HeaderNames.ORIGIN).filter(origins::contains);
        if (origin.isEmpty()) {
            chain.proceed();
            return;
        }
        response.header(ALLOWED_ORIGIN, origin.get());
        if (isPreflight(request)) {
            allow(request, response);
        } else {
            response.header(EXPOSED);
            chain.proceed();
        }
    }

    private static boolean isPreflight(RoutingRequest request) {
        return request.prologue().method().equals(Method.OPTIONS)
                && request.headers().contains(ASKED_METHOD);
    }

    private void allow(RoutingRequest request, RoutingResponse response) {
        response.header(METHODS);
        response.header(ALLOWED_HEADERS, String.join(", ", headers(request)));
        response.header(MAX_AGE, maxAge);
        response.status(Status.NO_CONTENT_204).send();
    }

    /// Those that we read, and those that the page asks for: SDKs add headers of their own, and any
    /// header may be metadata of gRPC. A listed origin is trusted with each of them.
    private static Set<String> headers(RoutingRequest request) {
        Set<String> allowed = new LinkedHashSet<>(HEADERS);
        String asked = request.headers().first(ASKED_HEADERS).orElse("");
        for (String name : asked.toLowerCase(Locale.ROOT).split(",", -1)) {
            if (HEADER.matcher(name.strip()).matches()) {
                allowed.add(name.strip());
            }
        }
        return allowed;
    }
}
