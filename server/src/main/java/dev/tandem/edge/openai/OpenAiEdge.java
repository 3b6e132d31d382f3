package dev.tandem.edge.openai;

import dev.tandem.edge.rest.HttpCall;
import dev.tandem.edge.rest.HttpEdge;
import dev.tandem.edge.rest.Refusals;
import dev.tandem.edge.rest.RestPaths;
import dev.tandem.edge.rest.RestSettings;
import dev.tandem.edge.rest.RouteTable;
import dev.tandem.edge.rest.RouteTable.Found;
import dev.tandem.edge.rest.RouteTable.Route;
import dev.tandem.edge.rest.ServedPath;
import dev.tandem.id.Ids;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.rpc.Wire;
import dev.tandem.v1.GetModelRequest;
import dev.tandem.v1.ListModelsRequest;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Serves the paths whose shape OpenAI fixed, in front of the same methods that the contract has.
/// Every other path it leaves to whoever is asked next.
public final class OpenAiEdge implements HttpEdge {
    private final RouteTable<Target> routes;
    private final Set<String> elsewhere;
    private final ContractMethods methods;
    private final ChatRoutes chat;
    private final Pipeline pipeline;
    private final Ids ids;
    private final RestSettings settings;

    private interface Target {
        void serve(HttpCall http, Map<String, String> variables);
    }

    /// @param methods all methods of the contract
    /// @throws IllegalArgumentException where one that this edge needs is missing
    public OpenAiEdge(
            List<RpcMethod<?, ?>> methods, Pipeline pipeline, Ids ids, RestSettings settings) {
        this.methods = ContractMethods.among(methods);
        this.chat = new ChatRoutes(this.methods, pipeline);
        RunRoutes runs = new RunRoutes(this.methods, chat, pipeline);
        this.elsewhere = RestPaths.fixed(methods);
        this.pipeline = pipeline;
        this.ids = ids;
        this.settings = settings;
        this.routes =
                new RouteTable<>(
                        List.of(
                                post("/v1/chat/completions", chat::complete),
                                post("/chat/completions", chat::complete),
                                post("/v1/chat/completions/debug", chat::debug),
                                post("/chat/completions/debug", chat::debug),
                                new Route<>("GET", "/v1/runs/{run_id}/events", runs::events),
                                new Route<>("GET", "/v1/models", this::listModels),
                                new Route<>("GET", "/models", this::listModels),
                                new Route<>("GET", "/v1/models/{model_id=**}", this::getModel),
                                new Route<>("GET", "/models/{model_id=**}", this::getModel)));
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.any(this::handle);
    }

    @Override
    public List<ServedPath> paths() {
        return routes.paths();
    }

    private void handle(ServerRequest request, ServerResponse response) {
        String path = request.prologue().uriPath().rawPath();
        if (elsewhere.contains(path) || !routes.knows(path)) {
            response.next();
        } else {
            HttpCall.serve(request, response, Wire.OPENAI, ids, settings, this::answer);
        }
    }

    private void answer(HttpCall http) {
        switch (routes.find(http.method(), http.rawPath())) {
            case Found.Match<Target>(Target target, Map<String, String> variables) ->
                    target.serve(http, variables);
            case Found.WrongMethod<Target>(List<String> allowed) ->
                    throw Refusals.method(pipeline, http, allowed);
            case Found.Nothing<Target> _ -> throw Refusals.path(pipeline, http);
        }
    }

    private void listModels(HttpCall http, Map<String, String> variables) {
        ListModelsRequest request = ListModelsRequest.getDefaultInstance();
        http.answer(ModelsJson.list(pipeline.unary(http.call(), methods.listModels(), request)));
    }

    private void getModel(HttpCall http, Map<String, String> variables) {
        GetModelRequest.Builder request = GetModelRequest.newBuilder();
        request.setModelId(variables.getOrDefault("model_id", ""));
        http.answer(
                ModelsJson.model(pipeline.unary(http.call(), methods.getModel(), request.build())));
    }

    private static Route<Target> post(String path, HttpCall.Work work) {
        return new Route<>("POST", path, (http, variables) -> work.run(http));
    }
}
