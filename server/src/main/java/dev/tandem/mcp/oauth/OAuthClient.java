package dev.tandem.mcp.oauth;

import dev.tandem.secret.Secret;
import java.util.Optional;

/// A client that the operator has registered with an authorization server.
///
/// @param id as the authorization server knows it
/// @param secret empty for a public client, or one with a key
/// @param key signs in place of a secret (private_key_jwt)
/// @param issuer the authorization server that knows it; any other is refused. Empty to trust the
///     MCP server to name the right one
public record OAuthClient(
        String id,
        Optional<Secret> secret,
        Optional<ClientKey> key,
        Optional<String> issuer,
        OAuthGrant grant) {
    public OAuthClient {
        if (id.isBlank()) {
            throw new IllegalArgumentException("a client needs an id");
        }
    }

    /// A client for people who sign in.
    public OAuthClient(String id, Optional<Secret> secret) {
        this(id, secret, Optional.empty(), Optional.empty(), OAuthGrant.SIGN_IN);
    }
}
