package dev.tandem.edge.mcp;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.tool.ContextItem;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolHints;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolServer;
import dev.tandem.tool.ToolServer.Origin;
import dev.tandem.tool.ToolServer.State;
import dev.tandem.tool.ToolServer.Transport;
import dev.tandem.tool.ToolSource;
import dev.tandem.tool.ToolWatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Servers with resources and prompts; a read is answered with what was asked.
final class FakeSource implements ToolSource {
    private final Map<ToolServer, List<ContextItem>> servers = new LinkedHashMap<>();
    private final List<String> broken = new ArrayList<>();
    private final Map<String, Tool> tools = new LinkedHashMap<>();

    private record Tool(ToolDefinition definition, Work work) {}

    /// What a tool does.
    interface Work {
        ToolOutput run(ToolWatcher watcher) throws InterruptedException;
    }

    /// A tool of every server.
    FakeSource tool(String name, boolean readOnly, Work work) {
        ToolHints hints =
                new ToolHints(
                        Optional.of(readOnly),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        ToolDefinition definition =
                new ToolDefinition(
                        name,
                        Optional.empty(),
                        Optional.of("Does " + name),
                        "{\"type\":\"object\"}",
                        Optional.empty(),
                        hints,
                        "");
        tools.put(name, new Tool(definition, work));
        return this;
    }

    FakeSource server(String name, Origin origin, ContextItem... items) {
        ToolServer server =
                new ToolServer(
                        name,
                        name,
                        origin,
                        Optional.empty(),
                        Transport.STDIO,
                        Optional.empty(),
                        Optional.empty(),
                        State.READY,
                        Optional.empty());
        servers.put(server, List.of(items));
        return this;
    }

    FakeSource broken(String name) {
        broken.add(name);
        return server(name, Origin.USER);
    }

    static ContextItem resource(String uri, String name) {
        return new ContextItem(
                ContextItem.Kind.RESOURCE,
                uri,
                "{\"uri\":\"%s\",\"name\":\"%s\",\"_meta\":{\"a\":1.50}}".formatted(uri, name));
    }

    static ContextItem template(String template) {
        return new ContextItem(
                ContextItem.Kind.RESOURCE_TEMPLATE,
                template,
                "{\"uriTemplate\":\"%s\",\"name\":\"t\"}".formatted(template));
    }

    static ContextItem prompt(String name) {
        return new ContextItem(
                ContextItem.Kind.PROMPT, name, "{\"name\":\"%s\",\"title\":\"P\"}".formatted(name));
    }

    @Override
    public List<ToolServer> servers(ToolScope scope) {
        return List.copyOf(servers.keySet());
    }

    @Override
    public List<ToolDefinition> tools(ToolScope scope, String serverId) {
        return tools.values().stream().map(Tool::definition).toList();
    }

    @Override
    public ToolOutput call(
            ToolScope scope,
            String serverId,
            String tool,
            String argumentsJson,
            ToolWatcher watcher)
            throws InterruptedException {
        return Optional.ofNullable(tools.get(tool)).orElseThrow().work().run(watcher);
    }

    @Override
    public List<ContextItem> context(ToolScope scope, String serverId, ContextItem.Kind kind) {
        if (broken.contains(serverId)) {
            throw new Failure(FailureCode.UPSTREAM_UNAVAILABLE, "It does not start.");
        }
        return servers.entrySet().stream()
                .filter(each -> each.getKey().id().equals(serverId))
                .flatMap(each -> each.getValue().stream())
                .filter(item -> item.kind() == kind)
                .toList();
    }

    @Override
    public String read(
            ToolScope scope, String serverId, String method, String paramsJson, ToolWatcher watcher)
            throws InterruptedException {
        if (paramsJson.contains("hangs")) {
            Thread.sleep(Duration.ofMinutes(1));
        }
        return "{\"server\":\"%s\",\"method\":\"%s\",\"params\":%s}"
                .formatted(serverId, method, paramsJson);
    }
}
