package dev.tandem.edge.operations;

import dev.tandem.edge.json.JsonOut;
import dev.tandem.edge.rest.HttpEdge;
import dev.tandem.edge.rest.Page;
import dev.tandem.edge.rest.Page.Content;
import dev.tandem.edge.rest.Pages;
import dev.tandem.edge.rest.RestSettings;
import dev.tandem.edge.rest.ServedPath;
import dev.tandem.id.Ids;
import dev.tandem.observe.ServerMetrics;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.RpcMethod.Access;
import io.helidon.health.HealthCheck;
import io.helidon.health.HealthCheckResponse.Status;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRouting;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/// Serves `/health`, `/health/live` and `/health/ready` to everybody, and `/metrics` to those who
/// have a key.
public final class OperationsEdge implements HttpEdge {
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final Header METRICS_TEXT =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, ServerMetrics.CONTENT_TYPE);

    private final Pages pages;
    private final Vitals vitals;
    private final ServerMetrics metrics;

    public OperationsEdge(
            Pipeline pipeline,
            Ids ids,
            RestSettings settings,
            Vitals vitals,
            ServerMetrics metrics) {
        this.vitals = vitals;
        this.metrics = metrics;
        this.pages =
                new Pages(
                        List.of(
                                page("health", Access.OPEN, this::health),
                                page("health/live", Access.OPEN, this::live),
                                page("health/ready", Access.OPEN, this::ready),
                                page("metrics", Access.KEY, this::metrics)),
                        pipeline,
                        ids,
                        settings);
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        pages.register(routing);
    }

    @Override
    public List<ServedPath> paths() {
        return pages.paths();
    }

    private static Page page(String name, Access access, Supplier<Content> maker) {
        return new Page("/" + name, name, access, _ -> maker.get());
    }

    /// What the app on the phone decodes.
    private Content health() {
        boolean ready = vitals.readiness().isReady();
        JsonOut out = new JsonOut();
        out.beginObject();
        out.name("ok").value(ready);
        out.name("version").value(vitals.version());
        out.name("active_sessions").value(vitals.activeSessions().getAsLong());
        out.name("uptime_seconds").value(vitals.uptime().get().toSeconds());
        return json(ready, out.endObject());
    }

    private Content live() {
        return json(true, status(true).endObject());
    }

    private Content ready() {
        JsonOut checks = new JsonOut().beginArray();
        boolean ready = vitals.readiness().isReady();
        check(checks, "accepting", ready);
        for (HealthCheck check : vitals.checks()) {
            boolean up = check.call().status() == Status.UP;
            check(checks, check.name(), up);
            ready &= up;
        }
        JsonOut out = status(ready).name("checks").bytes(checks.endArray().toBytes());
        return json(ready, out.endObject());
    }

    private Content metrics() {
        return new Content(OK, METRICS_TEXT, metrics.text());
    }

    private static void check(JsonOut checks, String name, boolean up) {
        checks.beginObject().name("name").value(name);
        checks.name("status").value(word(up)).endObject();
    }

    /// An object that has begun with its status.
    private static JsonOut status(boolean up) {
        return new JsonOut().beginObject().name("status").value(word(up));
    }

    private static String word(boolean up) {
        return up ? "UP" : "DOWN";
    }

    private static Content json(boolean well, JsonOut out) {
        return new Content(
                well ? OK : UNAVAILABLE,
                HeaderValues.CONTENT_TYPE_JSON,
                new String(out.toBytes(), StandardCharsets.UTF_8));
    }
}
