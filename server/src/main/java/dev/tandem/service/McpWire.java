package dev.tandem.service;

import dev.tandem.conversation.Content;
import dev.tandem.failure.Failure;
import dev.tandem.failure.Violation;
import dev.tandem.hub.LogLine;
import dev.tandem.hub.ServerDeclaration;
import dev.tandem.hub.ServerDeclaration.Program;
import dev.tandem.hub.ServerDeclaration.Remote;
import dev.tandem.hub.ServerDetail;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolHints;
import dev.tandem.tool.ToolServer;
import dev.tandem.toolbox.CallOutcome;
import dev.tandem.v1.CallToolResponse;
import dev.tandem.v1.CreateServerRequest;
import dev.tandem.v1.McpCallStatus;
import dev.tandem.v1.McpContent;
import dev.tandem.v1.McpLogLine;
import dev.tandem.v1.McpScope;
import dev.tandem.v1.McpServer;
import dev.tandem.v1.McpServerStatus;
import dev.tandem.v1.McpTool;
import dev.tandem.v1.McpTransport;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// MCP servers, their tools and what those answer, between the domain and the contract.
final class McpWire {
    private McpWire() {}

    static McpServer server(ServerDetail detail) {
        ToolServer server = detail.server();
        McpServer.Builder wire =
                McpServer.newBuilder()
                        .setId(server.id())
                        .setName(server.name())
                        .setScope(scope(server.origin()))
                        .setExecutable(server.executable().orElse(""))
                        .setVersion(server.version().orElse(""))
                        .setStatus(status(server.state()))
                        .setTransport(transport(server.transport()))
                        .setTrusted(detail.trusted())
                        .setAdded(detail.added());
        server.projectId().ifPresent(wire::setProjectId);
        server.problem().ifPresent(wire::setProblem);
        detail.toolCount().ifPresent(wire::setToolCount);
        detail.declaration().ifPresent(declared -> addNames(declared, wire));
        return wire.build();
    }

    private static void addNames(ServerDeclaration declared, McpServer.Builder wire) {
        switch (declared) {
            case Program program ->
                    wire.addAllEnvNames(program.environment().keySet().stream().sorted().toList());
            case Remote remote ->
                    wire.addAllHeaderNames(remote.headers().keySet().stream().sorted().toList());
        }
    }

    private static McpScope scope(ToolServer.Origin origin) {
        return switch (origin) {
            case USER -> McpScope.MCP_SCOPE_USER;
            case PROJECT -> McpScope.MCP_SCOPE_PROJECT;
            case PLUGIN -> McpScope.MCP_SCOPE_PLUGIN;
        };
    }

    private static McpTransport transport(ToolServer.Transport transport) {
        return switch (transport) {
            case STDIO -> McpTransport.MCP_TRANSPORT_STDIO;
            case HTTP -> McpTransport.MCP_TRANSPORT_HTTP;
            case SSE -> McpTransport.MCP_TRANSPORT_SSE;
            case PLUGIN -> McpTransport.MCP_TRANSPORT_PLUGIN;
        };
    }

    private static McpServerStatus status(ToolServer.State state) {
        return switch (state) {
            case IDLE -> McpServerStatus.MCP_SERVER_STATUS_IDLE;
            case STARTING -> McpServerStatus.MCP_SERVER_STATUS_STARTING;
            case READY -> McpServerStatus.MCP_SERVER_STATUS_READY;
            case RECONNECTING -> McpServerStatus.MCP_SERVER_STATUS_RECONNECTING;
            case FAILED -> McpServerStatus.MCP_SERVER_STATUS_FAILED;
            case UNTRUSTED -> McpServerStatus.MCP_SERVER_STATUS_UNTRUSTED;
            case UNAUTHORIZED -> McpServerStatus.MCP_SERVER_STATUS_UNAUTHORIZED;
        };
    }

    /// @throws Failure INVALID_REQUEST naming the fields that do not go together
    static ServerDeclaration declaration(CreateServerRequest request) {
        String transport =
                request.hasTransport()
                        ? request.getTransport()
                        : request.hasCommand() || !request.hasUrl() ? "stdio" : "http";
        boolean program = transport.equals("stdio");
        List<Violation> wrong = new ArrayList<>();
        String kind = "with the transport " + transport;
        require(!program || request.hasCommand(), "command", "is missing " + kind, wrong);
        require(program || request.hasUrl(), "url", "is missing " + kind, wrong);
        require(!program || !request.hasUrl(), "url", "must be absent " + kind, wrong);
        require(program || !request.hasCommand(), "command", "must be absent " + kind, wrong);
        require(program || request.getArgsCount() == 0, "args", "must be absent " + kind, wrong);
        require(program || request.getEnvCount() == 0, "env", "must be absent " + kind, wrong);
        require(program || !request.hasCwd(), "cwd", "must be absent " + kind, wrong);
        require(
                !program || request.getHeadersCount() == 0,
                "headers",
                "must be absent " + kind,
                wrong);
        require(
                !request.hasUrl() || isWeb(request.getUrl()),
                "url",
                "must be an http or https address",
                wrong);
        OAuthWire.check(request, program, kind).forEach(wrong::add);
        if (!wrong.isEmpty()) {
            throw Failure.invalid(wrong);
        }
        return program
                ? new Program(
                        request.getCommand(),
                        request.getArgsList(),
                        request.getEnvMap(),
                        Fields.text(request.hasCwd(), request.getCwd()))
                : new Remote(
                        request.getUrl(),
                        transport.equals("sse"),
                        request.getHeadersMap(),
                        OAuthWire.terms(request));
    }

    private static void require(boolean holds, String field, String demand, List<Violation> wrong) {
        if (!holds) {
            wrong.add(new Violation(field, field + " " + demand + "."));
        }
    }

    private static boolean isWeb(String url) {
        try {
            URI uri = new URI(url);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return web && uri.getHost() != null;
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    static McpTool tool(ToolDefinition tool) {
        McpTool.Builder wire =
                McpTool.newBuilder()
                        .setName(tool.name())
                        .setTitle(tool.title().orElse(""))
                        .setDescription(tool.description().orElse(""))
                        .setInputSchemaJson(tool.inputSchemaJson())
                        .setSupportsStream(true)
                        .setDangerous(isDangerous(tool.hints()))
                        .setReadOnly(tool.hints().readOnly().orElse(false));
        tool.outputSchemaJson().ifPresent(wire::setOutputSchemaJson);
        return wire.build();
    }

    /// As MCP has it: what says neither may destroy something.
    private static boolean isDangerous(ToolHints hints) {
        return !hints.readOnly().orElse(false) && hints.destructive().orElse(true);
    }

    static McpLogLine line(LogLine line) {
        return McpLogLine.newBuilder()
                .setAt(Fields.timestamp(line.at()))
                .setOrigin(line.origin())
                .setText(line.text())
                .build();
    }

    static CallToolResponse outcome(CallOutcome outcome) {
        CallToolResponse.Builder wire =
                CallToolResponse.newBuilder()
                        .setStatus(status(outcome.status()))
                        .setIsError(outcome.output().failed())
                        .setDurationMs(outcome.took().toMillis());
        outcome.output().content().stream()
                .map(McpWire::content)
                .flatMap(Optional::stream)
                .forEach(wire::addContent);
        outcome.output().structuredJson().ifPresent(wire::setStructuredJson);
        return wire.build();
    }

    private static McpCallStatus status(CallOutcome.Status status) {
        return switch (status) {
            case SUCCEEDED -> McpCallStatus.MCP_CALL_STATUS_SUCCEEDED;
            case FAILED -> McpCallStatus.MCP_CALL_STATUS_FAILED;
            case DENIED -> McpCallStatus.MCP_CALL_STATUS_DENIED;
            case TIMED_OUT -> McpCallStatus.MCP_CALL_STATUS_TIMEOUT;
            case CANCELLED -> McpCallStatus.MCP_CALL_STATUS_CANCELLED;
            case UNAVAILABLE -> McpCallStatus.MCP_CALL_STATUS_UNAVAILABLE;
        };
    }

    /// Tools answer nothing of the rest, which is what models and clients say.
    private static Optional<McpContent> content(Content content) {
        McpContent.Builder wire = McpContent.newBuilder();
        return switch (content) {
            case Content.Text(String text) ->
                    Optional.of(wire.setType("text").setText(text).build());
            case Content.Image(Content.Source source, Optional<String> _) ->
                    Optional.of(withSource(wire.setType("image"), source));
            case Content.Document(Content.Source source, Optional<String> name) ->
                    Optional.of(
                            withSource(wire.setType("document").setText(name.orElse("")), source));
            case Content.Audio(String base64, String format) ->
                    Optional.of(
                            wire.setType("audio")
                                    .setMediaType("audio/" + format)
                                    .setData(base64)
                                    .build());
            case Content.Reasoning _, Content.ToolUse _, Content.ToolResult _, Content.Refusal _ ->
                    Optional.empty();
        };
    }

    private static McpContent withSource(McpContent.Builder wire, Content.Source source) {
        return switch (source) {
            case Content.Source.Inline(String mediaType, String base64) ->
                    wire.setMediaType(mediaType).setData(base64).build();
            case Content.Source.Remote(String url) -> wire.setUrl(url).build();
        };
    }
}
