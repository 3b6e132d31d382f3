package dev.tandem.edge.rest;

import com.google.protobuf.Message;
import dev.tandem.edge.json.ProtoJson;
import dev.tandem.edge.rest.RouteTable.Found;
import dev.tandem.failure.Failure;
import dev.tandem.id.Ids;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.rpc.Wire;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Map;

/// Serves every method of the contract that has a path, and answers for every path that nobody
/// else serves. It is asked last, whenever it is registered.
public final class RestEdge implements HttpEdge {
    private final RouteTable<RestBinding> routes;
    private final Pipeline pipeline;
    private final Ids ids;
    private final RestSettings settings;

    /// @param methods all methods of the contract; those without a path are left to other edges
    public RestEdge(
            List<RpcMethod<?, ?>> methods, Pipeline pipeline, Ids ids, RestSettings settings) {
        this.routes =
                new RouteTable<>(
                        methods.stream()
                                .flatMap(method -> RestBinding.routes(method).stream())
                                .toList());
        this.pipeline = pipeline;
        this.ids = ids;
        this.settings = settings;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.addFeature(new LastRoute(this::handle));
    }

    @Override
    public List<ServedPath> paths() {
        return routes.paths();
    }

    private void handle(ServerRequest request, ServerResponse response) {
        HttpCall.serve(request, response, Wire.REST, ids, settings, this::answer);
    }

    private void answer(HttpCall http) {
        switch (routes.find(http.method(), http.rawPath())) {
            case Found.Match<RestBinding>(RestBinding binding, Map<String, String> variables) ->
                    answer(http, binding, variables);
            case Found.WrongMethod<RestBinding>(List<String> allowed) ->
                    throw Refusals.method(pipeline, http, allowed);
            case Found.Nothing<RestBinding> _ -> throw Refusals.path(pipeline, http);
        }
    }

    private void answer(HttpCall http, RestBinding binding, Map<String, String> variables) {
        switch (binding.method()) {
            case RpcMethod.Unary<?, ?> method -> unary(http, binding, method, variables);
            case RpcMethod.Streaming<?, ?> method -> stream(http, binding, method, variables);
        }
    }

    private <Q extends Message, A extends Message> void unary(
            HttpCall http,
            RestBinding binding,
            RpcMethod.Unary<Q, A> method,
            Map<String, String> variables) {
        Q request = request(http, binding, method, variables);
        A answer = pipeline.unary(http.call(), method, request);
        http.answer(ProtoJson.write(answer));
    }

    private <Q extends Message, A extends Message> void stream(
            HttpCall http,
            RestBinding binding,
            RpcMethod.Streaming<Q, A> method,
            Map<String, String> variables) {
        if (http.method().equals("HEAD")) {
            throw Refusals.method(pipeline, http, List.of("GET"));
        }
        Q request = request(http, binding, method, variables);
        EventSink<A> sink = new EventSink<>(http.events());
        try {
            pipeline.stream(http.call(), method, request, sink);
            sink.close();
        } catch (Failure failure) {
            sink.fail(failure, http);
        }
    }

    /// What is wrong with a request is told through the pipeline too, so that it is counted, and so
    /// that somebody without a key learns nothing else.
    @SuppressWarnings("unchecked") // a builder of an empty request builds requests of its type
    private <Q extends Message> Q request(
            HttpCall http,
            RestBinding binding,
            RpcMethod<Q, ?> method,
            Map<String, String> variables) {
        try {
            return (Q) binding.request(http, variables).build();
        } catch (Failure failure) {
            throw Refusals.of(pipeline, http.call(), method, failure);
        }
    }
}
