package dev.tandem.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// A connection to an MCP server that has agreed on a protocol version. Safe for use by many
/// threads; an interrupt frees a caller at once and tells the server to stop. Whoever opens it
/// closes it.
public final class McpConnection implements AutoCloseable {
    private static final String NEWEST = "2025-11-25";
    private static final Set<String> VERSIONS =
            Set.of("2024-11-05", "2025-03-26", "2025-06-18", NEWEST);

    private final McpTransport transport;
    private final McpSettings settings;
    private final List<Path> roots;
    private final RpcPeer peer;
    private String protocol = NEWEST;

    private McpConnection(McpTransport transport, List<Path> roots, McpSettings settings) {
        this.transport = transport;
        this.settings = settings;
        this.roots = List.copyOf(roots);
        this.peer = new RpcPeer(transport, this::asked);
    }

    /// Connects to a server and greets it.
    ///
    /// @param transport closed with the connection, and when this fails
    /// @param roots the folders that the server may work in
    /// @param version of this program, for the server's log
    /// @throws Failure UPSTREAM_UNAVAILABLE, UPSTREAM_TIMEOUT or UPSTREAM_ERROR where it does not
    ///     come up, saying why
    public static McpConnection open(
            McpTransport transport, List<Path> roots, String version, McpSettings settings)
            throws InterruptedException {
        McpConnection connection = new McpConnection(transport, roots, settings);
        boolean open = false;
        try {
            connection.greet(version);
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
                            + VERSIONS.stream().sorted().toList()
                            + ".");
        }
        peer.tell("notifications/initialized", RpcPeer.JSON.createObjectNode());
    }

    /// The protocol version that both sides speak.
    public String protocol() {
        return protocol;
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

    /// Every tool of the server.
    ///
    /// @throws Failure where it does not say, or has more pages than `pagesMax`
    public List<McpTool> tools() throws InterruptedException {
        List<McpTool> tools = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        for (int page = 0; page < settings.pagesMax(); page++) {
            ObjectNode params = RpcPeer.JSON.createObjectNode();
            cursor.ifPresent(next -> params.put("cursor", next));
            JsonNode answer = ask("tools/list", params);
            answer.path("tools").forEach(tool -> tools.add(McpMessages.tool(tool)));
            cursor = Optional.ofNullable(answer.path("nextCursor").textValue());
            if (cursor.isEmpty()) {
                return List.copyOf(tools);
            }
        }
        throw new Failure(
                FailureCode.UPSTREAM_ERROR,
                "The MCP server's list of tools has more than " + settings.pagesMax() + " pages.");
    }

    /// Calls a tool and waits for its answer.
    ///
    /// @param argumentsJson a JSON object as text
    /// @param progress told how far the call has come, by another thread
    /// @throws Failure INVALID_REQUEST where the arguments are no JSON object; UPSTREAM_ERROR where
    ///     the server refuses, UPSTREAM_UNAVAILABLE where it is gone or dies meanwhile
    public McpAnswer call(String tool, String argumentsJson, Consumer<McpProgress> progress)
            throws InterruptedException {
        ObjectNode params = RpcPeer.JSON.createObjectNode().put("name", tool);
        params.set("arguments", McpMessages.arguments(argumentsJson));
        return McpMessages.answer(peer.ask("tools/call", params, settings.callMax(), progress));
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
        roots.forEach(root -> list.addObject().put("uri", root.toUri().toString()));
        return answer;
    }

    @Override
    public void close() {
        transport.close();
    }
}
