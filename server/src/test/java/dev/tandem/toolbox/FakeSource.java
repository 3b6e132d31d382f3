package dev.tandem.toolbox;

import dev.tandem.failure.Failure;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolHints;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolServer;
import dev.tandem.tool.ToolServer.Origin;
import dev.tandem.tool.ToolSource;
import dev.tandem.tool.ToolWatcher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Servers whose tools do what a test says.
final class FakeSource implements ToolSource {
    private final Map<String, ToolServer> servers = new LinkedHashMap<>();
    private final Map<String, Tools> tools = new ConcurrentHashMap<>();
    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();

    /// What a tool does.
    @FunctionalInterface
    interface Behaviour {
        ToolOutput call(String argumentsJson, ToolWatcher watcher) throws InterruptedException;
    }

    /// What a server tells of its tools.
    @FunctionalInterface
    interface Tools {
        List<ToolDefinition> list() throws InterruptedException;
    }

    FakeSource server(String id, String... names) {
        return server(id, id, Origin.USER, names);
    }

    FakeSource server(String id, String name, Origin origin, String... names) {
        List<ToolDefinition> definitions = new ArrayList<>();
        for (String tool : names) {
            definitions.add(tool(tool, "Does " + tool + ".", true));
        }
        return server(id, name, origin, () -> definitions);
    }

    FakeSource server(String id, String name, Origin origin, Tools listed) {
        servers.put(id, ToolNamesTest.server(id, name, origin));
        tools.put(id, listed);
        return this;
    }

    FakeSource does(String tool, Behaviour behaviour) {
        behaviours.put(tool, behaviour);
        return this;
    }

    static ToolDefinition tool(String name, String description, boolean readOnly) {
        return new ToolDefinition(
                name,
                Optional.empty(),
                Optional.of(description),
                "{\"type\":\"object\"}",
                Optional.empty(),
                new ToolHints(
                        Optional.of(readOnly),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                "{}");
    }

    @Override
    public List<ToolServer> servers(ToolScope scope) {
        return List.copyOf(servers.values());
    }

    @Override
    public List<ToolDefinition> tools(ToolScope scope, String serverId)
            throws InterruptedException {
        return Optional.ofNullable(tools.get(serverId)).orElseThrow(() -> absent(serverId)).list();
    }

    @Override
    public ToolOutput call(
            ToolScope scope,
            String serverId,
            String tool,
            String argumentsJson,
            ToolWatcher watcher)
            throws InterruptedException {
        return behaviours
                .getOrDefault(tool, (arguments, _) -> ToolOutput.text(arguments))
                .call(argumentsJson, watcher);
    }

    private static Failure absent(String id) {
        return Failure.notFound("server_id", "There is no server " + id + ".");
    }
}
