package dev.tandem.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.tool.ContextItem;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolWatcher;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A connection to an MCP server that has agreed on a protocol version. Safe for use by many
/// threads; an interrupt frees a caller at once and tells the server to stop. Whoever opens it
/// closes it.
public final class McpConnection implements AutoCloseable {
    /// The protocol versions that are spoken, oldest first.
    public static final List<String> VERSIONS =
            List.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28");

    private static final String NEWEST = "2025-11-25";

    private static final Duration CALL_MAX = Duration.ofDays(1);

    private final McpTransport transport;
    private final McpHost host;
    private final McpSettings settings;
    private final RpcPeer peer;
    private String protocol = NEWEST;
    private Optional<String> serverVersion = Optional.empty();
    private Optional<String> instructions = Optional.empty();
    private JsonNode capabilities = RpcPeer.JSON.createObjectNode();

    private McpConnection(McpTransport transport, McpHost host, McpSettings settings) {
        this.transport = transport;
        this.host = host;
        this.settings = settings;
        this.peer = new RpcPeer(transport, this::asked);
    }

    /// Connects to a server and greets it.
    ///
    /// @param transport closed with the connection, and when this fails
    /// @param clientVersion of this program, for the server's log
    /// @throws Failure UPSTREAM_UNAVAILABLE, UPSTREAM_TIMEOUT or UPSTREAM_ERROR where it does not
    ///     come up, saying why
    public static McpConnection open(
            McpTransport transport, McpHost host, String clientVersion, McpSettings settings)
            throws InterruptedException {
        McpConnection connection = new McpConnection(transport, host, settings);
        boolean open = false;
        try {
            connection.greet(clientVersion);
            open = true;
            return connection;
        } finally {
            if (!open) {
                transport.close();
            }
        }
    }

    private void greet(String version) throws InterruptedException {
        try {
            transport.open(peer);
        } catch (IOException unreachable) {
            throw new Failure(
                    FailureCode.UPSTREAM_UNAVAILABLE,
                    "The MCP server does not start: " + unreachable.getMessage(),
                    unreachable);
        }
        ObjectNode params = RpcPeer.JSON.createObjectNode().put("protocolVersion", NEWEST);
        params.putObject("capabilities").putObject("roots");
        params.putObject("clientInfo").put("name", "tandem").put("version", version);
        JsonNode hello = ask("initialize", params);
        protocol = hello.path("protocolVersion").asText();
        if (!VERSIONS.contains(protocol)) {
            throw new Failure(
                    FailureCode.UPSTREAM_ERROR,
                    "The MCP server speaks the protocol '"
                            + protocol
                            + "', and not one of "
                            + VERSIONS
                            + ".");
        }
        JsonNode info = hello.path("serverInfo");
        serverVersion =
                Optional.of(
                                (info.path("name").asText() + " " + info.path("version").asText())
                                        .strip())
                        .filter(said -> !said.isEmpty());
        instructions = Optional.ofNullable(hello.path("instructions").textValue());
        capabilities = hello.path("capabilities");
        transport.agreed(protocol);
        peer.tell("notifications/initialized", RpcPeer.JSON.createObjectNode());
    }

    /// The protocol version that both sides speak.
    public String protocol() {
        return protocol;
    }

    /// The server's name and version, as it says them.
    public Optional<String> serverVersion() {
        return serverVersion;
    }

    /// What the server wants a model to know of it.
    public Optional<String> instructions() {
        return instructions;
    }

    /// Whether the server says that it has such a capability.
    ///
    /// @param name in MCP's words, such as `tools`, `resources`, `prompts` or `logging`
    public boolean offers(String name) {
        return capabilities.has(name);
    }

    /// Why the server is gone; empty while it is there.
    public Optional<String> ended() {
        return peer.ended();
    }

    /// Asks whether the server is there.
    ///
    /// @throws Failure where it is not
    public void ping() throws InterruptedException {
        JsonNode _ = ask("ping", RpcPeer.JSON.createObjectNode());
    }

    /// Every tool of the server; none where it says that it has none.
    ///
    /// @throws Failure where it does not say, or has more pages than `pagesMax`
    public List<ToolDefinition> tools() throws InterruptedException {
        return pages("tools", "tools/list", "tools").map(McpMessages::tool).toList();
    }

    /// What else the server offers, of one kind; empty where it has none.
    ///
    /// @throws Failure as [#tools]
    public List<ContextItem> context(ContextItem.Kind kind) throws InterruptedException {
        return switch (kind) {
            case RESOURCE -> items(kind, "resources", "resources/list", "resources", "uri");
            case RESOURCE_TEMPLATE ->
                    items(
                            kind,
                            "resources",
                            "resources/templates/list",
                            "resourceTemplates",
                            "uriTemplate");
            case PROMPT -> items(kind, "prompts", "prompts/list", "prompts", "name");
        };
    }

    private List<ContextItem> items(
            ContextItem.Kind kind, String capability, String method, String list, String name)
            throws InterruptedException {
        return pages(capability, method, list)
                .map(item -> new ContextItem(kind, item.path(name).asText(), item.toString()))
                .toList();
    }

    private Stream<JsonNode> pages(String capability, String method, String list)
            throws InterruptedException {
        List<JsonNode> items = new ArrayList<>();
        if (!offers(capability)) {
            return Stream.empty();
        }
        Optional<String> cursor = Optional.empty();
        for (int page = 0; page < settings.pagesMax(); page++) {
            ObjectNode params = RpcPeer.JSON.createObjectNode();
            cursor.ifPresent(next -> params.put("cursor", next));
            JsonNode answer = ask(method, params);
            answer.path(list).forEach(items::add);
            cursor = Optional.ofNullable(answer.path("nextCursor").textValue());
            if (cursor.isEmpty()) {
                return items.stream();
            }
        }
        throw new Failure(
                FailureCode.UPSTREAM_ERROR,
                "The MCP server's answer to "
                        + method
                        + " has more than "
                        + settings.pagesMax()
                        + " pages.");
    }

    /// Calls a tool and waits for its answer, for ever where need be: the caller has the clock.
    ///
    /// @param argumentsJson a JSON object as text
    /// @param watcher told how far the call has come, and asked what the server wants to know
    /// @throws Failure INVALID_REQUEST where the arguments are no JSON object; UPSTREAM_ERROR where
    ///     the server refuses, with an [McpRefusal]; UPSTREAM_UNAVAILABLE where it is gone or dies
    ///     meanwhile
    public ToolOutput call(String tool, String argumentsJson, ToolWatcher watcher)
            throws InterruptedException {
        ObjectNode params = RpcPeer.JSON.createObjectNode().put("name", tool);
        params.set("arguments", McpMessages.object("arguments", argumentsJson));
        return McpMessages.output(peer.ask("tools/call", params, CALL_MAX, watcher::progress));
    }

    /// Asks what resources, prompts and completions answer, and waits as [#call] does.
    ///
    /// @param method `resources/read`, `prompts/get` or `completion/complete`
    /// @param paramsJson MCP's parameters as text: a JSON object
    /// @return MCP's result as JSON text
    /// @throws Failure as [#call]; INVALID_REQUEST, param `params`
    public String read(String method, String paramsJson, ToolWatcher watcher)
            throws InterruptedException {
        ObjectNode params = (ObjectNode) McpMessages.object("params", paramsJson);
        return peer.ask(method, params, CALL_MAX, watcher::progress).toString();
    }

    /// Says which lines of its log the server shall tell; does nothing where it has no log.
    ///
    /// @param level as [McpHost#log] has it
    public void logLevel(String level) throws InterruptedException {
        if (offers("logging")) {
            JsonNode _ =
                    ask("logging/setLevel", RpcPeer.JSON.createObjectNode().put("level", level));
        }
    }

    /// Tells the server that the host's folders are others now.
    public void rootsChanged() {
        peer.tell("notifications/roots/list_changed", RpcPeer.JSON.createObjectNode());
    }

    private JsonNode ask(String method, ObjectNode params) throws InterruptedException {
        return peer.ask(method, params, settings.startMax(), _ -> {});
    }

    private Optional<JsonNode> asked(String method) {
        return switch (method) {
            case "ping" -> Optional.of(RpcPeer.JSON.createObjectNode());
            case "roots/list" -> Optional.of(rootList());
            default -> Optional.empty();
        };
    }

    private JsonNode rootList() {
        ObjectNode answer = RpcPeer.JSON.createObjectNode();
        ArrayNode list = answer.putArray("roots");
        host.roots().forEach(root -> list.addObject().put("uri", root.toUri().toString()));
        return answer;
    }

    @Override
    public void close() {
        transport.close();
    }
}
