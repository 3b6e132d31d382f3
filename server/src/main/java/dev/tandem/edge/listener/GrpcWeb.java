package dev.tandem.edge.listener;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.Optional;

/// Serves gRPC-Web, which is gRPC as a browser can speak it, over HTTP/1.1 and HTTP/2, from the
/// same services as gRPC. Requests of any other content-type it leaves to the routes.
final class GrpcWeb implements Filter {

    private final GrpcCalls calls;

    GrpcWeb(GrpcCalls calls) {
        this.calls = calls;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
        if (!type.regionMatches(true, 0, WebFormat.PREFIX, 0, WebFormat.PREFIX.length())) {
            chain.proceed();
            return;
        }
        Optional<WebFormat> format = WebFormat.of(type);
        if (format.isEmpty()) {
            refuse(response, Status.UNSUPPORTED_MEDIA_TYPE_415);
        } else if (request.prologue().method() != Method.POST) {
            response.header(HeaderNames.ALLOW, "POST");
            refuse(response, Status.METHOD_NOT_ALLOWED_405);
        } else {
            new WebCall(calls, format.get(), request, response).serve();
        }
    }

    private static void refuse(RoutingResponse response, Status status) {
        response.header(HeaderValues.CONNECTION_CLOSE);
        response.status(status).send();
    }
}
