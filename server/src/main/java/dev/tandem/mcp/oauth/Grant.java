package dev.tandem.mcp.oauth;

import java.net.URI;
import java.util.Optional;

/// Tokens, and what is needed to renew and revoke them.
///
/// @param resource the name of the MCP server that they are issued to
/// @param asked every scope that was asked for, granted or not
/// @param client whom they were issued to
record Grant(
        String resource,
        URI tokenEndpoint,
        Optional<URI> revocationEndpoint,
        RegisteredClient client,
        Scopes asked,
        Tokens tokens) {

    static Grant of(Authority authority, RegisteredClient client, Scopes asked, Tokens tokens) {
        ServerMetadata metadata = authority.server();
        return new Grant(
                authority.resource(), metadata.token(), metadata.revoke(), client, asked, tokens);
    }

    Grant with(Tokens renewed) {
        return new Grant(resource, tokenEndpoint, revocationEndpoint, client, asked, renewed);
    }
}
