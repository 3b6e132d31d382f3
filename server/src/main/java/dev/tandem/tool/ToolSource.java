package dev.tandem.tool;

import dev.tandem.failure.Failure;
import java.util.List;

/// Where tools come from. Judges nothing: whoever calls has been allowed to. Safe for use by many
/// threads; an interrupt frees a caller at once and tells the server to stop.
public interface ToolSource {
    /// The servers that a scope sees; starts none.
    List<ToolServer> servers(ToolScope scope);

    /// The tools of a server, which is started where it is not up.
    ///
    /// @throws Failure NOT_FOUND, or saying why the server is not up
    List<ToolDefinition> tools(ToolScope scope, String serverId) throws InterruptedException;

    /// Calls a tool and waits for its answer, for ever where need be: the caller has the clock.
    ///
    /// @param argumentsJson a JSON object as text
    /// @throws Failure INVALID_REQUEST where the arguments are no JSON object;
    ///     UPSTREAM_ERROR where the server refuses, UPSTREAM_UNAVAILABLE where it is gone or dies
    ///     meanwhile
    ToolOutput call(
            ToolScope scope,
            String serverId,
            String tool,
            String argumentsJson,
            ToolWatcher watcher)
            throws InterruptedException;

    /// What else a server offers, of one kind; empty where it has none.
    ///
    /// @throws Failure as [#tools]
    default List<ContextItem> context(ToolScope scope, String serverId, ContextItem.Kind kind)
            throws InterruptedException {
        return List.of();
    }

    /// Asks a server what its resources, prompts and completions answer: `resources/read`,
    /// `prompts/get` or `completion/complete`, in MCP's JSON both ways.
    ///
    /// @throws Failure NOT_FOUND where it offers none; otherwise as [#call]
    default String read(
            ToolScope scope, String serverId, String method, String paramsJson, ToolWatcher watcher)
            throws InterruptedException {
        throw Failure.notFound(
                "server_id", "The server " + serverId + " has no resources and no prompts.");
    }
}
