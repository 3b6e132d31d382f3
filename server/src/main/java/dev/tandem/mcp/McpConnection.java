package dev.tandem.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Failure;
import dev.tandem.mcp.McpHost.Kind;
import dev.tandem.tool.ContextItem;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolWatcher;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A connection to an MCP server that has agreed on a protocol version. Safe for use by many
/// threads; an interrupt frees a caller at once and tells the server to stop. Whoever opens it
/// closes it.
public final class McpConnection implements AutoCloseable {
    /// The protocol versions that are spoken, oldest first.
    public static final List<String> VERSIONS = Agreement.VERSIONS;

    private static final Logger LOG = LoggerFactory.getLogger(McpConnection.class);
    private static final Set<String> READS =
            Set.of("resources/read", "prompts/get", "completion/complete");

    private final McpTransport transport;
    private final McpSettings settings;
    private final RequestMeta meta;
    private final RpcPeer peer;
    private final Agreement agreement;
    private final McpLists lists;
    private final InputRounds rounds;
    private final ChangeFeed changes;

    private McpConnection(
            McpTransport transport,
            McpSettings settings,
            RequestMeta meta,
            HostSide host,
            FreshLists fresh,
            Greeting.Greeted greeted) {
        this.transport = transport;
        this.settings = settings;
        this.meta = meta;
        this.peer = greeted.peer();
        this.agreement = greeted.agreement();
        this.lists = new McpLists(peer, agreement, meta, settings, fresh);
        this.rounds = new InputRounds(peer, agreement.stateless(), meta, host.answers());
        this.changes = new ChangeFeed(peer, meta, feed(agreement), host);
    }

    /// Connects to a server and agrees with it on a protocol version.
    ///
    /// @param transport closed with the connection, and when this fails
    /// @param clientVersion of this program, for the server's log
    /// @throws Failure UPSTREAM_UNAVAILABLE, UPSTREAM_TIMEOUT or UPSTREAM_ERROR where it does not
    ///     come up, saying why; what else the transport's server refuses with
    public static McpConnection open(
            McpTransport transport, McpHost host, String clientVersion, McpSettings settings)
            throws InterruptedException {
        FreshLists fresh = new FreshLists(System::nanoTime);
        HostSide side = new HostSide(host, fresh);
        RequestMeta meta = new RequestMeta(clientVersion);
        try {
            Greeting.Greeted greeted = new Greeting(transport, side, meta, settings).greet();
            McpConnection connection =
                    new McpConnection(transport, settings, meta, side, fresh, greeted);
            connection.changes.open();
            side.goLive(greeted.peer());
            return connection;
        } catch (InterruptedException stopped) {
            // it may take a while, and nobody waits for it
            Thread.ofVirtual().name("mcp-close").start(transport::close);
            throw stopped;
        } catch (RuntimeException failed) {
            transport.close();
            throw failed;
        }
    }

    /// A server that is greeted tells changes without being asked.
    private static Set<Kind> feed(Agreement agreement) {
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        for (Kind kind : Kind.values()) {
            if (agreement.stateless()
                    && agreement.tellsChanges(kind.name().toLowerCase(Locale.ROOT))) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    /// The protocol version that both sides speak.
    public String protocol() {
        return agreement.protocol();
    }

    /// The server's name and version, as it says them.
    public Optional<String> serverVersion() {
        return agreement.serverVersion();
    }

    /// What the server wants a model to know of it.
    public Optional<String> instructions() {
        return agreement.instructions();
    }

    /// Whether the server says that it has a capability.
    ///
    /// @param name in MCP's words, such as `tools`, `resources`, `prompts` or `logging`
    public boolean offers(String name) {
        return agreement.offers(name);
    }

    /// Why the server is gone; empty while it is there.
    public Optional<String> ended() {
        return peer.ended();
    }

    /// Asks whether the server is there.
    ///
    /// @throws Failure where it is not
    public void ping() throws InterruptedException {
        try {
            JsonNode _ =
                    ask(agreement.stateless() ? "server/discover" : "ping", RpcMessages.object());
        } catch (Failure failure) {
            // whoever refuses is there
            if (McpRefusal.of(failure).isEmpty()) {
                throw failure;
            }
        }
    }

    /// Every tool of the server; none where it says that it has none. What it describes badly is
    /// left out, with a warning. One that says how long its list is good is not asked again until
    /// then.
    ///
    /// @throws Failure where it does not say, or has more pages than `pagesMax`
    public List<ToolDefinition> tools() throws InterruptedException {
        Set<String> names = new HashSet<>();
        List<JsonNode> said = lists.read(Kind.TOOLS, "tools/list", "tools");
        List<ToolDefinition> tools =
                said.stream()
                        .flatMap(tool -> McpMessages.tool(tool).stream())
                        .filter(tool -> names.add(tool.name()))
                        .toList();
        warn("tools/list", said.size() - tools.size());
        return tools;
    }

    private void warn(String method, int leftOut) {
        if (leftOut > 0) {
            LOG.warn(
                    "{} of {} of the MCP server {} are left out: each needs a name that is short"
                            + " and its own, and a tool an object as its schema",
                    leftOut,
                    method,
                    serverVersion().orElse(""));
        }
    }

    /// What else the server offers, of one kind; empty where it has none.
    ///
    /// @throws Failure as [#tools]
    public List<ContextItem> context(ContextItem.Kind kind) throws InterruptedException {
        return switch (kind) {
            case RESOURCE -> items(kind, Kind.RESOURCES, "resources/list", "resources", "uri");
            case RESOURCE_TEMPLATE ->
                    items(
                            kind,
                            Kind.RESOURCES,
                            "resources/templates/list",
                            "resourceTemplates",
                            "uriTemplate");
            case PROMPT -> items(kind, Kind.PROMPTS, "prompts/list", "prompts", "name");
        };
    }

    private List<ContextItem> items(
            ContextItem.Kind kind, Kind list, String method, String field, String name)
            throws InterruptedException {
        List<JsonNode> said = lists.read(list, method, field);
        List<ContextItem> items =
                said.stream().flatMap(item -> McpMessages.item(kind, name, item).stream()).toList();
        warn(method, said.size() - items.size());
        return items;
    }

    /// Calls a tool and waits for its answer, for ever where need be: the caller has the clock.
    ///
    /// @param argumentsJson a JSON object as text
    /// @param watcher told how far the call has come, and asked what the server wants to know
    /// @throws Failure INVALID_REQUEST where the arguments are no JSON object; UPSTREAM_ERROR where
    ///     the server refuses, with an [McpRefusal], or answers what is no answer;
    ///     UPSTREAM_UNAVAILABLE where it is gone or dies meanwhile
    public ToolOutput call(String tool, String argumentsJson, ToolWatcher watcher)
            throws InterruptedException {
        ObjectNode params = RpcMessages.object().put("name", tool);
        params.set("arguments", McpMessages.object("arguments", argumentsJson));
        return McpMessages.output(rounds.ask("tools/call", params, watcher));
    }

    /// Asks what resources, prompts and completions answer, and waits as [#call] does.
    ///
    /// @param method `resources/read`, `prompts/get` or `completion/complete`
    /// @param paramsJson MCP's parameters as text: a JSON object
    /// @return MCP's result as JSON text
    /// @throws Failure as [#call]; INVALID_REQUEST, param `method` or `params`
    public String read(String method, String paramsJson, ToolWatcher watcher)
            throws InterruptedException {
        if (!READS.contains(method)) {
            throw Failure.invalid("method", "method must be one of " + READS + ".");
        }
        ObjectNode params = McpMessages.object("params", paramsJson);
        if (params.has("_meta") && !params.path("_meta").isObject()) {
            throw Failure.invalid("params", "params must have an object as _meta, or none.");
        }
        return rounds.ask(method, params, watcher).toString();
    }

    /// Says from which level on the server's log is wanted; does nothing where it has none.
    ///
    /// @param level as [McpHost#log] has it
    /// @throws Failure where the server refuses
    public void logLevel(String level) throws InterruptedException {
        meta.logLevel(level);
        if (offers("logging") && !agreement.stateless()) {
            JsonNode _ = ask("logging/setLevel", RpcMessages.object().put("level", level));
        }
    }

    /// Tells the server that the host's folders are others now; a stateless one asks when it needs
    /// them.
    ///
    /// @throws Failure where the server is gone
    public void rootsChanged() {
        if (!agreement.stateless()) {
            peer.tell("notifications/roots/list_changed", RpcMessages.object());
        }
    }

    private JsonNode ask(String method, ObjectNode params) throws InterruptedException {
        return peer.ask(
                RpcQuestion.within(
                        settings.startMax(),
                        method,
                        agreement.stateless() ? meta.sign(params) : params));
    }

    /// How many answers are waited for, by us and by the server.
    int waiting() {
        return peer.waiting();
    }

    @Override
    public void close() {
        changes.close();
        transport.close();
        peer.ended("it was stopped");
    }
}
