package dev.tandem.edge.listener;

import io.helidon.common.Weighted;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpFeature;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Optional;

/// Serves gRPC-Web, which is gRPC as a browser can speak it, over HTTP/1.1 and HTTP/2, from the
/// same services as gRPC. Requests of any other content-type it leaves to the routes.
final class GrpcWeb implements HttpFeature, Weighted {

    private final GrpcCalls calls;

    GrpcWeb(GrpcCalls calls) {
        this.calls = calls;
    }

    @Override
    public void setup(HttpRouting.Builder routing) {
        routing.any(this::handle);
    }

    /// Before all routes, whenever they are registered.
    @Override
    public double weight() {
        return 10 * Weighted.DEFAULT_WEIGHT;
    }

    private void handle(ServerRequest request, ServerResponse response) {
        String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
        if (!type.regionMatches(true, 0, WebFormat.PREFIX, 0, WebFormat.PREFIX.length())) {
            response.next();
            return;
        }
        Optional<WebFormat> format = WebFormat.of(type);
        if (format.isEmpty()) {
            refuse(request, response, Status.UNSUPPORTED_MEDIA_TYPE_415);
        } else if (!request.prologue().method().equals(Method.POST)) {
            response.header(HeaderNames.ALLOW, "POST");
            refuse(request, response, Status.METHOD_NOT_ALLOWED_405);
        } else {
            new WebCall(calls, format.get(), request, response).serve();
        }
    }

    private static void refuse(ServerRequest request, ServerResponse response, Status status) {
        if (request.content().hasEntity()) {
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        response.status(status).send();
    }
}
