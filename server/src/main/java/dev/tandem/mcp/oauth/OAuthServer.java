package dev.tandem.mcp.oauth;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/// An MCP server that wants tokens.
///
/// @param id the name it has here; what is kept of it is kept under this
/// @param url where it is reached; tokens that were issued for another URL are never sent there
/// @param client the client that the operator registered for it; empty to let one be registered
/// @param scopes what to ask for besides what the server demands; empty for what it proposes
public record OAuthServer(String id, URI url, Optional<OAuthClient> client, Set<String> scopes) {
    public OAuthServer {
        if (id.isBlank() || !url.isAbsolute() || url.getHost() == null) {
            throw new IllegalArgumentException("a server needs an id and a URL with a host");
        }
        scopes = Set.copyOf(scopes);
    }

    /// A server of which only the URL is known.
    public OAuthServer(String id, URI url) {
        this(id, url, Optional.empty(), Set.of());
    }

    Scopes chosen() {
        return Scopes.of(scopes);
    }

    OAuthGrant grant() {
        return client.map(OAuthClient::grant).orElse(OAuthGrant.SIGN_IN);
    }
}
