package dev.tandem.mcp.oauth;

import java.util.Optional;

/// What is kept for an owner at an MCP server.
///
/// @param server the URL that it is kept for
/// @param registered the client that was registered by request
record Holding(String server, Optional<RegisteredClient> registered, Optional<Grant> grant) {
    static Holding nothing(String server) {
        return new Holding(server, Optional.empty(), Optional.empty());
    }

    Holding with(Optional<Grant> another) {
        return new Holding(server, registered, another);
    }

    Holding registered(RegisteredClient client) {
        return new Holding(server, Optional.of(client), grant);
    }
}
