package dev.tandem.hub;

import dev.tandem.failure.Failure;
import dev.tandem.mcp.McpConnection;
import dev.tandem.mcp.McpExpiry;
import dev.tandem.tool.ContextItem;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolWatcher;
import java.util.List;
import java.util.Optional;

/// A connection that speaks MCP.
record McpServerConnection(McpConnection connection) implements ServerConnection {
    private interface Question<T> {
        T ask() throws InterruptedException;
    }

    @Override
    public Optional<String> version() {
        return connection.serverVersion();
    }

    @Override
    public Optional<String> ended() {
        return connection.ended();
    }

    @Override
    public List<ToolDefinition> tools() throws InterruptedException, SessionExpired {
        return asked(connection::tools);
    }

    @Override
    public List<ContextItem> context(ContextItem.Kind kind)
            throws InterruptedException, SessionExpired {
        return asked(() -> connection.context(kind));
    }

    @Override
    public ToolOutput call(String tool, String argumentsJson, ToolWatcher watcher)
            throws InterruptedException, SessionExpired {
        return asked(() -> connection.call(tool, argumentsJson, watcher));
    }

    @Override
    public String read(String method, String paramsJson, ToolWatcher watcher)
            throws InterruptedException, SessionExpired {
        return asked(() -> connection.read(method, paramsJson, watcher));
    }

    private static <T> T asked(Question<T> question) throws InterruptedException, SessionExpired {
        try {
            return question.ask();
        } catch (Failure failure) {
            if (McpExpiry.isBehind(failure)) {
                throw new SessionExpired(failure);
            }
            throw failure;
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
