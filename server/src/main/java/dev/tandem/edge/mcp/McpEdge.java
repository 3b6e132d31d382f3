package dev.tandem.edge.mcp;

import dev.tandem.edge.rest.HttpCall;
import dev.tandem.edge.rest.HttpEdge;
import dev.tandem.edge.rest.Refusals;
import dev.tandem.edge.rest.RestSettings;
import dev.tandem.edge.rest.ServedPath;
import dev.tandem.failure.Failure;
import dev.tandem.id.Ids;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.RpcMethod.Access;
import dev.tandem.rpc.Wire;
import dev.tandem.tool.ToolSource;
import dev.tandem.toolbox.Toolbox;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Serves `/mcp`: this server as an MCP server over streamable HTTP, in every version from
/// 2025-03-26 to 2026-07-28. The tools are those that a key may use, in the project that the header
/// `X-Project-ID` names, and each call goes through the toolbox.
public final class McpEdge implements HttpEdge {
    static final String PATH = "/mcp";

    private static final List<String> METHODS = List.of("DELETE", "GET", "POST");

    /// Requests that have a name of their own in logs and metrics.
    private static final Set<String> LABELLED =
            Set.of(
                    "initialize",
                    "ping",
                    "logging/setLevel",
                    "server/discover",
                    "subscriptions/listen",
                    "tools/list",
                    "tools/call",
                    "resources/list",
                    "resources/templates/list",
                    "resources/read",
                    "resources/subscribe",
                    "resources/unsubscribe",
                    "prompts/list",
                    "prompts/get",
                    "completion/complete");

    private final Pipeline pipeline;
    private final Ids ids;
    private final RestSettings rest;
    private final boolean enabled;
    private final SessionRequests sessions;
    private final StatelessRequests stateless;

    /// What answers.
    ///
    /// @param version of the build
    /// @param random cryptographically strong
    public record Behind(
            Toolbox toolbox,
            ToolSource source,
            String version,
            InstantSource clock,
            RandomGenerator random) {}

    private interface Work {
        Finish run() throws InterruptedException;
    }

    public McpEdge(
            Behind behind,
            Pipeline pipeline,
            Ids ids,
            RestSettings rest,
            McpEdgeSettings settings) {
        this.pipeline = pipeline;
        this.ids = ids;
        this.rest = rest;
        this.enabled = settings.enabled();
        Tokens tokens = new Tokens(behind.random());
        McpMethods methods = methods(behind, settings, tokens);
        Identity identity = new Identity(behind.version());
        this.sessions =
                new SessionRequests(
                        new McpSessions(settings, tokens, behind.clock()),
                        new SessionMethods(methods, identity),
                        settings,
                        behind.clock());
        this.stateless =
                new StatelessRequests(
                        new StatelessMethods(methods, identity, settings.listTtl()),
                        new Rounds(tokens, settings.sessionsMax()),
                        settings);
    }

    private static McpMethods methods(Behind behind, McpEdgeSettings settings, Tokens tokens) {
        Paging paging = new Paging(settings.pageMax());
        ContextList context = new ContextList(behind.source());
        ContextReads reads = new ContextReads(behind.source(), settings.readMax());
        ResourceMethods resources = new ResourceMethods(reads, context, paging);
        PromptMethods prompts = new PromptMethods(reads, context, paging);
        return new McpMethods(
                new ToolMethods(behind.toolbox(), paging, tokens),
                resources,
                prompts,
                new CompletionMethod(reads, prompts, resources));
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        if (enabled) {
            routing.any(PATH, this::handle);
        }
    }

    @Override
    public List<ServedPath> paths() {
        return enabled
                ? METHODS.stream().map(method -> new ServedPath(method, PATH)).toList()
                : List.of();
    }

    /// Ends the streams and the calls that only wait for a client; those in progress go on.
    public void stop() {
        sessions.stop();
        stateless.stop();
    }

    private void handle(ServerRequest request, ServerResponse response) {
        HttpCall.serve(request, response, Wire.MCP, ids, rest, this::answer);
    }

    private void answer(HttpCall http) {
        switch (http.method()) {
            case "POST" -> post(http);
            case "GET" -> withSession(http, "stream", () -> sessions.get(http));
            case "DELETE" -> withSession(http, "end", () -> sessions.delete(http));
            default -> throw Refusals.method(pipeline, http, METHODS);
        }
    }

    private void withSession(HttpCall http, String label, Work work) {
        Optional<Protocol> version =
                http.header(RequestMeta.VERSION_HEADER).map(String::strip).flatMap(Protocol::of);
        if (version.filter(known -> !known.hasSessions()).isPresent()) {
            throw Refusals.method(pipeline, http, List.of("POST"));
        }
        serve(http, label, work);
    }

    private void post(HttpCall http) {
        ClientMessages sent;
        try {
            sent = ClientMessages.read(http.body());
        } catch (RpcError unreadable) {
            serve(
                    http,
                    "unreadable",
                    () -> {
                        throw unreadable;
                    });
            return;
        } catch (Failure refused) {
            serve(
                    http,
                    "unreadable",
                    () -> {
                        throw refused;
                    });
            return;
        }
        serve(http, label(sent), () -> post(http, sent));
    }

    private Finish post(HttpCall http, ClientMessages sent) throws InterruptedException {
        try {
            Accepts accepts = Accepts.read(http.header("Accept"));
            return RequestMeta.isSaidBy(http, sent)
                    ? stateless.post(http, sent, accepts)
                    : sessions.post(http, sent, accepts);
        } catch (RpcError error) {
            throw new Told(error, sent.request().map(ClientMessage.Request::id)).failure();
        }
    }

    private static String label(ClientMessages sent) {
        return sent.request()
                .map(ClientMessage.Request::method)
                .map(method -> LABELLED.contains(method) ? method : "other")
                .orElse("notice");
    }

    /// Serves through the pipeline, and then sends what is left to be sent: what goes wrong there
    /// is not the call's.
    private void serve(HttpCall http, String label, Work work) {
        Finish finish;
        try {
            finish =
                    pipeline.serve(
                            http.call(),
                            "mcp/" + label,
                            Access.KEY,
                            () -> {
                                try {
                                    return work.run();
                                } catch (RpcError error) {
                                    throw new Told(error, Optional.empty()).failure();
                                }
                            });
        } catch (Failure failure) {
            Told told = Told.behind(failure).orElseThrow(() -> failure);
            finish =
                    () ->
                            http.answer(
                                    told.error().status() == 200 ? 400 : told.error().status(),
                                    HeaderValues.CONTENT_TYPE_JSON,
                                    told.json().getBytes(StandardCharsets.UTF_8));
        }
        finish.run();
    }
}
