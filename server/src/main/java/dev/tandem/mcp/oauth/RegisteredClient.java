package dev.tandem.mcp.oauth;

import dev.tandem.secret.Secret;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/// A client as one authorization server knows it; never shown to another.
///
/// @param issuer the authorization server
/// @param redirectUri where it lets people come back to
/// @param expiresAt when the secret does; empty for never
record RegisteredClient(
        String issuer,
        String id,
        Optional<Secret> secret,
        AuthMethod method,
        URI redirectUri,
        Optional<Instant> expiresAt) {

    /// Whether it serves at this authorization server, for people who come back there.
    boolean serves(String issuer, URI redirectUri, Instant now) {
        return this.issuer.equals(issuer)
                && this.redirectUri.equals(redirectUri)
                && expiresAt.map(now::isBefore).orElse(true);
    }

    /// The same with another secret.
    RegisteredClient with(Optional<Secret> another) {
        return new RegisteredClient(issuer, id, another, method, redirectUri, expiresAt);
    }
}
