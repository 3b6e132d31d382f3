package dev.tandem.service;

import dev.tandem.failure.Failure;
import dev.tandem.hub.AddedServer;
import dev.tandem.hub.Hub;
import dev.tandem.hub.ServerDetail;
import dev.tandem.hub.SignIns;
import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.page.PageToken;
import dev.tandem.rpc.Call;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolServer.Origin;
import dev.tandem.tool.ToolSource;
import dev.tandem.toolbox.Toolbox;
import dev.tandem.v1.AuthorizeServerRequest;
import dev.tandem.v1.AuthorizeServerResponse;
import dev.tandem.v1.CallToolRequest;
import dev.tandem.v1.CallToolResponse;
import dev.tandem.v1.CreateServerRequest;
import dev.tandem.v1.DeauthorizeServerRequest;
import dev.tandem.v1.DeleteServerRequest;
import dev.tandem.v1.DeleteServerResponse;
import dev.tandem.v1.GetPromptRequest;
import dev.tandem.v1.GetPromptResponse;
import dev.tandem.v1.GetServerLogRequest;
import dev.tandem.v1.GetServerLogResponse;
import dev.tandem.v1.GetServerRequest;
import dev.tandem.v1.ListPromptsRequest;
import dev.tandem.v1.ListPromptsResponse;
import dev.tandem.v1.ListResourcesRequest;
import dev.tandem.v1.ListResourcesResponse;
import dev.tandem.v1.ListServerToolsRequest;
import dev.tandem.v1.ListServerToolsResponse;
import dev.tandem.v1.ListServersRequest;
import dev.tandem.v1.ListServersResponse;
import dev.tandem.v1.Mcp;
import dev.tandem.v1.McpServer;
import dev.tandem.v1.ReadResourceRequest;
import dev.tandem.v1.ReadResourceResponse;
import dev.tandem.v1.RestartServerRequest;
import dev.tandem.v1.TrustServerRequest;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Serves MCP servers: which there are, who may start them, and what they offer.
public final class McpService {
    private static final String LIST = "mcp-servers";

    private final Hub hub;
    private final KnownServers servers;
    private final SignIns signIns;
    private final McpTools tools;
    private final McpContext context;
    private final InstantSource clock;

    /// @param plugins servers that are part of this one
    /// @param toolbox what tools are tried through
    public McpService(
            Hub hub, ToolSource plugins, SignIns signIns, Toolbox toolbox, InstantSource clock) {
        this.hub = hub;
        this.servers = new KnownServers(hub, plugins);
        this.signIns = signIns;
        this.tools = new McpTools(servers, toolbox);
        this.context = new McpContext(servers);
        this.clock = clock;
    }

    /// The methods of the contract, bound to this service.
    public List<RpcMethod<?, ?>> methods() {
        Contract contract = new Contract(Mcp.getDescriptor(), "McpService");
        bindServers(contract);
        bindOffers(contract);
        return contract.methods();
    }

    private void bindServers(Contract contract) {
        McpServer server = McpServer.getDefaultInstance();
        contract.unary(
                        "ListServers",
                        ListServersRequest.getDefaultInstance(),
                        ListServersResponse.getDefaultInstance(),
                        this::list)
                .unary(
                        "CreateServer",
                        CreateServerRequest.getDefaultInstance(),
                        server,
                        this::create)
                .unary("GetServer", GetServerRequest.getDefaultInstance(), server, this::get)
                .unary(
                        "DeleteServer",
                        DeleteServerRequest.getDefaultInstance(),
                        DeleteServerResponse.getDefaultInstance(),
                        this::delete)
                .unary(
                        "RestartServer",
                        RestartServerRequest.getDefaultInstance(),
                        server,
                        this::restart)
                .unary("TrustServer", TrustServerRequest.getDefaultInstance(), server, this::trust)
                .unary(
                        "AuthorizeServer",
                        AuthorizeServerRequest.getDefaultInstance(),
                        AuthorizeServerResponse.getDefaultInstance(),
                        this::authorize)
                .unary(
                        "DeauthorizeServer",
                        DeauthorizeServerRequest.getDefaultInstance(),
                        server,
                        this::deauthorize)
                .unary(
                        "GetServerLog",
                        GetServerLogRequest.getDefaultInstance(),
                        GetServerLogResponse.getDefaultInstance(),
                        this::log);
    }

    private void bindOffers(Contract contract) {
        contract.unary(
                        "ListServerTools",
                        ListServerToolsRequest.getDefaultInstance(),
                        ListServerToolsResponse.getDefaultInstance(),
                        tools::list)
                .unary(
                        "CallTool",
                        CallToolRequest.getDefaultInstance(),
                        CallToolResponse.getDefaultInstance(),
                        tools::call)
                .unary(
                        "ListResources",
                        ListResourcesRequest.getDefaultInstance(),
                        ListResourcesResponse.getDefaultInstance(),
                        context::resources)
                .unary(
                        "ReadResource",
                        ReadResourceRequest.getDefaultInstance(),
                        ReadResourceResponse.getDefaultInstance(),
                        context::read)
                .unary(
                        "ListPrompts",
                        ListPromptsRequest.getDefaultInstance(),
                        ListPromptsResponse.getDefaultInstance(),
                        context::prompts)
                .unary(
                        "GetPrompt",
                        GetPromptRequest.getDefaultInstance(),
                        GetPromptResponse.getDefaultInstance(),
                        context::prompt);
    }

    /// Whose server is asked for, and for which project.
    static ToolScope scope(Call call, boolean hasProject, String project) {
        return new ToolScope(
                call.tenant(),
                call.caller().keyName(),
                call.caller().admin(),
                Fields.text(hasProject, project),
                Optional.empty(),
                Optional.empty());
    }

    private static ToolScope scope(Call call) {
        return scope(call, false, "");
    }

    /// The scope of a call that is about a server that somebody declared.
    ///
    /// @throws Failure CONFLICT, param `server_id`, where it is part of this server
    private ToolScope declared(Call call, String serverId) {
        ToolScope scope = scope(call);
        servers.requireDeclared(scope, serverId);
        return scope;
    }

    private ListServersResponse list(Call call, ListServersRequest request)
            throws InterruptedException {
        ToolScope scope = scope(call, request.hasProjectId(), request.getProjectId());
        Optional<String> wanted = Fields.text(request.hasScope(), request.getScope());
        PageRequest page =
                PageRequest.of(
                        Fields.number(request.hasPageSize(), request.getPageSize()),
                        Fields.text(request.hasPageToken(), request.getPageToken()),
                        LIST);
        String after = page.after().map(PageToken::lastId).orElse("");
        List<ServerDetail> rows =
                servers.details(scope).stream()
                        .filter(one -> isOf(one, wanted))
                        .filter(one -> one.server().id().compareTo(after) > 0)
                        .limit(page.size() + 1L)
                        .toList();
        Page<ServerDetail> found = Page.of(rows, page.size(), LIST, one -> one.server().id());
        ListServersResponse.Builder answer =
                ListServersResponse.newBuilder()
                        .setHasMore(found.next().isPresent())
                        .addAllProblems(servers.problems(scope));
        found.items().forEach(one -> answer.addData(McpWire.server(one)));
        found.next().map(PageToken::text).ifPresent(answer::setNextPageToken);
        return answer.build();
    }

    private static boolean isOf(ServerDetail one, Optional<String> wanted) {
        return wanted.map(word -> word.equals(word(one.server().origin()))).orElse(true);
    }

    private static String word(Origin origin) {
        return switch (origin) {
            case USER -> "user";
            case PROJECT -> "project";
            case PLUGIN -> "plugin";
        };
    }

    private McpServer create(Call call, CreateServerRequest request) throws InterruptedException {
        call.caller().requireAdmin("adding an MCP server");
        AddedServer server =
                new AddedServer(
                        call.tenant(),
                        request.getName(),
                        Optional.of(McpWire.declaration(request)),
                        call.caller().keyName(),
                        clock.instant());
        ToolScope scope = scope(call);
        servers.requireFree(scope, server.name());
        hub.add(server);
        return detail(scope, server.name());
    }

    private McpServer get(Call call, GetServerRequest request) throws InterruptedException {
        return detail(
                scope(call, request.hasProjectId(), request.getProjectId()), request.getServerId());
    }

    private McpServer detail(ToolScope scope, String id) throws InterruptedException {
        return McpWire.server(servers.detail(scope, id));
    }

    private DeleteServerResponse delete(Call call, DeleteServerRequest request) {
        call.caller().requireAdmin("removing an MCP server");
        hub.remove(declared(call, request.getServerId()), request.getServerId());
        return DeleteServerResponse.getDefaultInstance();
    }

    private McpServer restart(Call call, RestartServerRequest request) throws InterruptedException {
        ToolScope scope = scope(call, request.hasProjectId(), request.getProjectId());
        servers.requireDeclared(scope, request.getServerId());
        hub.restart(scope, request.getServerId());
        return detail(scope, request.getServerId());
    }

    private McpServer trust(Call call, TrustServerRequest request) throws InterruptedException {
        call.caller().requireAdmin("trusting a project's MCP server, which starts a program");
        ToolScope scope = declared(call, request.getServerId());
        hub.trust(scope, request.getServerId());
        return detail(scope, request.getServerId());
    }

    private AuthorizeServerResponse authorize(Call call, AuthorizeServerRequest request)
            throws InterruptedException {
        ToolScope scope = scope(call, request.hasProjectId(), request.getProjectId());
        servers.requireDeclared(scope, request.getServerId());
        URI page = signIns.begin(scope, request.getServerId());
        return AuthorizeServerResponse.newBuilder().setAuthorizationUrl(page.toString()).build();
    }

    private McpServer deauthorize(Call call, DeauthorizeServerRequest request)
            throws InterruptedException {
        ToolScope scope = scope(call, request.hasProjectId(), request.getProjectId());
        servers.requireDeclared(scope, request.getServerId());
        signIns.forget(scope, request.getServerId());
        return detail(scope, request.getServerId());
    }

    private GetServerLogResponse log(Call call, GetServerLogRequest request) {
        call.caller().requireAdmin("reading the log of an MCP server");
        GetServerLogResponse.Builder answer = GetServerLogResponse.newBuilder();
        hub.log(declared(call, request.getServerId()), request.getServerId())
                .forEach(line -> answer.addData(McpWire.line(line)));
        return answer.build();
    }
}
