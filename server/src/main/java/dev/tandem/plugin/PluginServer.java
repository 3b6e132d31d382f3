package dev.tandem.plugin;

import dev.tandem.failure.Failure;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolServer;
import dev.tandem.tool.ToolServer.Origin;
import dev.tandem.tool.ToolServer.State;
import dev.tandem.tool.ToolServer.Transport;
import dev.tandem.tool.ToolWatcher;
import java.util.List;
import java.util.Optional;

/// A server of tools that is part of this one. Safe for use by many threads.
interface PluginServer extends AutoCloseable {
    /// Unique among them all.
    String name();

    /// Where it comes from, in words for the operator.
    String source();

    Optional<String> version();

    List<CheckedTool> tools();

    /// Runs one of its tools. An interrupt frees the caller at once.
    ///
    /// @param argumentsJson fits the tool's schema
    /// @throws Failure UPSTREAM_UNAVAILABLE, UPSTREAM_TIMEOUT or UPSTREAM_ERROR
    ToolOutput call(ToolScope scope, String tool, String argumentsJson, ToolWatcher watcher)
            throws InterruptedException;

    @Override
    void close();

    default ToolServer described() {
        return new ToolServer(
                name(),
                name(),
                Origin.PLUGIN,
                Optional.empty(),
                Transport.PLUGIN,
                Optional.empty(),
                version(),
                State.READY,
                Optional.empty());
    }

    default CheckedTool tool(String tool) {
        return tools().stream()
                .filter(one -> one.name().equals(tool))
                .findFirst()
                .orElseThrow(
                        () ->
                                Failure.notFound(
                                        "tool", "The plugin " + name() + " has no such tool."));
    }
}
