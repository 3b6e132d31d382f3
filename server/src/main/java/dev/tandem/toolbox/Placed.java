package dev.tandem.toolbox;

import dev.tandem.tool.ToolServer;
import dev.tandem.tool.ToolSource;

/// A server and the source that it comes from.
record Placed(ToolSource source, ToolServer server) {
    /// Whether somebody means this server, by its id or its name.
    boolean isCalled(String idOrName) {
        return server.id().equals(idOrName) || server.name().equals(idOrName);
    }
}
