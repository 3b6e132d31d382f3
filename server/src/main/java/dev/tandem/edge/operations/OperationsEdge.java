package dev.tandem.edge.operations;

import dev.tandem.edge.json.JsonOut;
import dev.tandem.edge.rest.HttpCall;
import dev.tandem.edge.rest.RestSettings;
import dev.tandem.id.Ids;
import dev.tandem.observe.ServerMetrics;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.RpcMethod.Access;
import dev.tandem.rpc.Wire;
import io.helidon.health.HealthCheck;
import io.helidon.health.HealthCheckResponse.Status;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;

/// Serves `/health`, `/health/live` and `/health/ready` to everybody, and `/metrics` to those who
/// have a key.
public final class OperationsEdge {
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final Header METRICS_TEXT =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, ServerMetrics.CONTENT_TYPE);

    private final Pipeline pipeline;
    private final Ids ids;
    private final RestSettings settings;
    private final Vitals vitals;
    private final ServerMetrics metrics;

    public OperationsEdge(
            Pipeline pipeline,
            Ids ids,
            RestSettings settings,
            Vitals vitals,
            ServerMetrics metrics) {
        this.pipeline = pipeline;
        this.ids = ids;
        this.settings = settings;
        this.vitals = vitals;
        this.metrics = metrics;
    }

    public void register(HttpRouting.Builder routing) {
        page(routing, "health", Access.OPEN, this::health);
        page(routing, "health/live", Access.OPEN, () -> json(true, status(true).endObject()));
        page(routing, "health/ready", Access.OPEN, this::ready);
        page(routing, "metrics", Access.KEY, this::metrics);
    }

    private interface Page {
        Answer make();
    }

    private record Answer(int status, Header contentType, String body) {}

    private void page(HttpRouting.Builder routing, String name, Access access, Page page) {
        routing.get(
                "/" + name, (request, response) -> serve(request, response, name, access, page));
        routing.head(
                "/" + name, (request, response) -> serve(request, response, name, access, page));
    }

    private void serve(
            ServerRequest request, ServerResponse response, String name, Access access, Page page) {
        HttpCall.serve(
                request,
                response,
                Wire.REST,
                ids,
                settings,
                http -> {
                    Answer answer = pipeline.serve(http.call(), name, access, page::make);
                    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
                    http.answer(answer.status(), answer.contentType(), body);
                });
    }

    /// What the app on the phone decodes.
    private Answer health() {
        boolean ready = vitals.readiness().isReady();
        JsonOut out = new JsonOut();
        out.beginObject();
        out.name("ok").value(ready);
        out.name("version").value(vitals.version());
        out.name("active_sessions").value(vitals.activeSessions().getAsLong());
        out.name("uptime_seconds").value(vitals.uptime().get().toSeconds());
        return json(ready, out.endObject());
    }

    private Answer ready() {
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

    private Answer metrics() {
        return new Answer(OK, METRICS_TEXT, metrics.text());
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

    private static Answer json(boolean well, JsonOut out) {
        return new Answer(
                well ? OK : UNAVAILABLE,
                HeaderValues.CONTENT_TYPE_JSON,
                new String(out.toBytes(), StandardCharsets.UTF_8));
    }
}
