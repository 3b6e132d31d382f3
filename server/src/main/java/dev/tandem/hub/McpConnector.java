package dev.tandem.hub;

import dev.tandem.failure.Failure;
import dev.tandem.hub.ServerDeclaration.Program;
import dev.tandem.hub.ServerDeclaration.Remote;
import dev.tandem.mcp.McpConnection;
import dev.tandem.mcp.McpHost;
import dev.tandem.mcp.McpSettings;
import dev.tandem.mcp.McpTransport;
import dev.tandem.mcp.stdio.StdioCommand;
import dev.tandem.mcp.stdio.StdioTransport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Speaks MCP to servers: programs on this machine, and those that are reached over HTTP.
public final class McpConnector implements Connector {
    private static final Logger LOG = LoggerFactory.getLogger(McpConnector.class);
    private static final String LOG_LEVEL = "info";

    private final McpSettings settings;
    private final String version;

    /// @param version of this program, for the servers' logs
    public McpConnector(McpSettings settings, String version) {
        this.settings = settings;
        this.version = version;
    }

    @Override
    public ServerConnection open(Opening opening, Events events) throws InterruptedException {
        McpTransport transport =
                switch (opening.declaration()) {
                    case Program program -> program(program, opening, events);
                    case Remote _ ->
                            throw Failure.invalid("url", "Servers over HTTP are not served yet.");
                };
        McpConnection connection =
                McpConnection.open(transport, new Host(opening, events), version, settings);
        askForLog(connection, opening);
        return new McpServerConnection(connection);
    }

    private static McpTransport program(Program program, Opening opening, Events events) {
        List<String> words = new ArrayList<>(List.of(program.command()));
        words.addAll(program.arguments());
        return new StdioTransport(
                new StdioCommand(words, program.environment(), opening.folder()),
                line -> events.logged("stderr", line));
    }

    /// A server without a log is none the worse.
    private static void askForLog(McpConnection connection, Opening opening)
            throws InterruptedException {
        try {
            connection.logLevel(LOG_LEVEL);
        } catch (Failure refused) {
            LOG.debug("{} does not say what it logs", opening.serverId(), refused);
        }
    }

    /// What a server is told of us, and tells.
    private record Host(Opening opening, Events events) implements McpHost {
        @Override
        public List<Path> roots() {
            return opening.roots();
        }

        @Override
        public void listChanged(Kind kind) {
            if (kind == Kind.TOOLS) {
                events.toolsChanged();
            }
        }

        @Override
        public void log(String level, String logger, String text) {
            events.logged(level, logger.isEmpty() ? text : logger + ": " + text);
        }

        @Override
        public void ended(String why) {
            events.ended(why);
        }
    }
}
