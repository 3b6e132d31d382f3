package dev.tandem.launch;

import dev.tandem.edge.cors.Cors;
import dev.tandem.edge.grpc.GrpcEdge;
import dev.tandem.edge.listener.Listener;
import dev.tandem.edge.listener.Transport;
import dev.tandem.edge.mcp.McpEdge;
import dev.tandem.edge.openai.OpenAiEdge;
import dev.tandem.edge.openapi.OpenApiEdge;
import dev.tandem.edge.operations.ClientDocumentEdge;
import dev.tandem.edge.operations.OperationsEdge;
import dev.tandem.edge.operations.SignInEdge;
import dev.tandem.edge.operations.Vitals;
import dev.tandem.edge.rest.HttpEdge;
import dev.tandem.edge.rest.RestEdge;
import dev.tandem.edge.rest.ServedPath;
import dev.tandem.edge.rest.TransportRefusals;
import dev.tandem.edge.socket.SocketEdge;
import dev.tandem.failure.Failure;
import dev.tandem.hub.SignIns;
import dev.tandem.id.Ids;
import dev.tandem.mcp.oauth.ClientDocument;
import dev.tandem.mcp.oauth.OAuthSettings;
import dev.tandem.observe.ServerMetrics;
import dev.tandem.rpc.DescribedFiles;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.RpcMethod;
import io.helidon.webserver.http.HttpRouting;
import java.util.List;
import java.util.Optional;

/// The wires, in front of the same methods, and the port on which they are served.
final class Edges {
    final Listener listener;
    final GrpcEdge grpc;
    final McpEdge mcp;

    /// All that is served over HTTP.
    final List<ServedPath> paths;

    Edges(
            ServerSettings settings,
            List<RpcMethod<?, ?>> methods,
            Pipeline pipeline,
            Ids ids,
            Vitals vitals,
            ServerMetrics metrics,
            SignIns signIns,
            McpEdge.Behind tools) {
        DescribedFiles files = DescribedFiles.read();
        grpc = new GrpcEdge(pipeline, ids, files);
        mcp = new McpEdge(tools, pipeline, ids, settings.rest(), settings.mcpEndpoint());
        SocketEdge socket =
                new SocketEdge(
                        methods,
                        pipeline,
                        ids,
                        settings.rest(),
                        settings.socket(),
                        settings.cors().origins());
        List<HttpEdge> http =
                List.of(
                        new OperationsEdge(pipeline, ids, settings.rest(), vitals, metrics),
                        new OpenApiEdge(
                                methods, files, Version.current(), pipeline, ids, settings.rest()),
                        socket,
                        new SignInEdge(new SignInPage(signIns), pipeline, ids, settings.rest()),
                        clientDocument(settings, pipeline, ids),
                        mcp,
                        new OpenAiEdge(methods, pipeline, ids, settings.rest()),
                        new RestEdge(methods, pipeline, ids, settings.rest()));
        HttpRouting.Builder routes = HttpRouting.builder();
        new Cors(settings.cors()).register(routes);
        http.forEach(edge -> edge.register(routes));
        paths = http.stream().flatMap(edge -> edge.paths().stream()).toList();
        boolean reflection = settings.listener().transport() == Transport.NETTY;
        listener =
                new Listener(
                        settings.listener(),
                        routes,
                        TransportRefusals.handlers(ids),
                        grpc.services(methods, reflection),
                        List.of(),
                        List.of(socket.upgrader()));
    }

    private static HttpEdge clientDocument(ServerSettings settings, Pipeline pipeline, Ids ids) {
        OAuthSettings signIns = settings.mcp().signIns();
        Optional<String> path = ClientDocument.path(signIns);
        return new ClientDocumentEdge(
                path,
                path.flatMap(_ -> ClientDocument.of(signIns)),
                pipeline,
                ids,
                settings.rest());
    }

    /// Leads from the page to the sign-ins.
    private record SignInPage(SignIns signIns) implements SignInEdge.SignInEnds {
        @Override
        public String complete(String state, String code, Optional<String> issuer)
                throws InterruptedException {
            return signIns.complete(state, code, issuer);
        }

        @Override
        public Failure declined(String state, String error, Optional<String> issuer) {
            return signIns.declined(state, error, issuer);
        }
    }
}
