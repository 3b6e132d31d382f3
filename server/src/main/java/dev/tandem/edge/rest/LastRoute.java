package dev.tandem.edge.rest;

import io.helidon.common.Weighted;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpFeature;
import io.helidon.webserver.http.HttpRouting;

/// Puts a handler behind all others, in whatever order they are registered.
record LastRoute(Handler handler) implements HttpFeature, Weighted {
    @Override
    public void setup(HttpRouting.Builder routing) {
        routing.any(handler);
    }

    @Override
    public double weight() {
        return 1;
    }
}
