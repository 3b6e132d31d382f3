package dev.tandem.edge.socket;

import dev.tandem.edge.json.JsonOut;
import dev.tandem.edge.rest.ErrorJson;
import dev.tandem.edge.rest.HttpCall;
import dev.tandem.edge.rest.HttpEdge;
import dev.tandem.edge.rest.Refusals;
import dev.tandem.edge.rest.RestSettings;
import dev.tandem.edge.rest.ServedPath;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.id.Ids;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.rpc.RpcMethod.Access;
import dev.tandem.rpc.Wire;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import java.util.Collection;
import java.util.List;

/// Serves `/v1/ws`. The listener hands over connections that become WebSockets, see [#upgrader()];
/// requests that do not ask for one are told to.
public final class SocketEdge implements HttpEdge {
    static final String PATH = "/v1/ws";

    /// Names it in logs and metrics.
    static final String LABEL = "v1/ws";

    static final int UPGRADE_REQUIRED = 426;

    private final Pipeline pipeline;
    private final Ids ids;
    private final RestSettings rest;
    private final Handshake handshake;

    /// @param methods all methods of the contract
    /// @param webOrigins whose pages may open a WebSocket, besides the server's own
    public SocketEdge(
            List<RpcMethod<?, ?>> methods,
            Pipeline pipeline,
            Ids ids,
            RestSettings rest,
            SocketSettings settings,
            Collection<String> webOrigins) {
        this.pipeline = pipeline;
        this.ids = ids;
        this.rest = rest;
        this.handshake =
                new Handshake(
                        new SocketMethods(methods),
                        pipeline,
                        ids,
                        settings,
                        new WebOrigins(webOrigins));
    }

    /// What turns a connection of HTTP/1.1 into a WebSocket.
    public Http1Upgrader upgrader() {
        return handshake;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.any(PATH, this::handle);
    }

    @Override
    public List<ServedPath> paths() {
        return List.of(new ServedPath("GET", PATH));
    }

    private void handle(ServerRequest request, ServerResponse response) {
        HttpCall.serve(request, response, Wire.WEBSOCKET, ids, rest, this::answer);
    }

    private void answer(HttpCall http) {
        if (!http.method().equals("GET") && !http.method().equals("HEAD")) {
            throw Refusals.method(pipeline, http, List.of("GET"));
        }
        pipeline.serve(http.call(), LABEL, Access.KEY, () -> true);
        Failure failure =
                new Failure(
                        FailureCode.INVALID_REQUEST,
                        "This is a WebSocket: connect over HTTP/1.1 with Upgrade: websocket.");
        JsonOut out = new JsonOut();
        ErrorJson.write(failure, UPGRADE_REQUIRED, http.call().requestId(), out);
        http.call().answerHeader("Upgrade", "websocket");
        http.answer(UPGRADE_REQUIRED, HeaderValues.CONTENT_TYPE_JSON, out.toBytes());
    }
}
