package dev.tandem.edge.listener;

import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpSecurity;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;

/// The routes, with a word before and after each request: it is the one place where an HTTP/1.1
/// connection says that a head is complete and a handler runs.
final class WatchedRouting implements HttpRouting {

    /// Hears of each request of one connection.
    interface Watch {
        void begin();

        void end();
    }

    private final HttpRouting routing;
    private final Watch watch;

    WatchedRouting(HttpRouting routing, Watch watch) {
        this.routing = routing;
        this.watch = watch;
    }

    @Override
    public void route(ConnectionContext context, RoutingRequest request, RoutingResponse response) {
        watch.begin();
        try {
            routing.route(context, request, response);
        } finally {
            watch.end();
        }
        if (isLast(request, response)) {
            throw new CloseConnectionException("One of the two sides has asked for it");
        }
    }

    /// Helidon says `Connection: close` where the client did, and then waits for another request.
    private static boolean isLast(RoutingRequest request, RoutingResponse response) {
        return request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)
                || response.headers().containsToken(HeaderValues.CONNECTION_CLOSE);
    }

    @Override
    public HttpSecurity security() {
        return routing.security();
    }

    @Override
    public void beforeStart() {
        routing.beforeStart();
    }

    @Override
    public void afterStart(WebServer server) {
        routing.afterStart(server);
    }

    @Override
    public void afterStop() {
        routing.afterStop();
    }
}
