package dev.tandem.mcp.oauth;

import dev.tandem.secret.Secret;

/// How tokens are come by.
public sealed interface OAuthGrant {
    /// A person signs in.
    OAuthGrant SIGN_IN = new SignIn();

    /// This server acts for itself, with the client's own credentials.
    OAuthGrant OWN_BEHALF = new OwnBehalf();

    /// A person signs in with a browser (authorization code, PKCE).
    record SignIn() implements OAuthGrant {}

    /// The client's credentials are enough (client_credentials).
    record OwnBehalf() implements OAuthGrant {}

    /// Somebody whom the authorization server trusts vouches for us (RFC 7523).
    record Vouched(Voucher voucher) implements OAuthGrant {}

    /// Writes assertions.
    @FunctionalInterface
    interface Voucher {
        /// A signed JWT, as the platform that runs this server or a company's identity provider
        /// issues it.
        ///
        /// @param issuer the authorization server that shall accept it
        /// @param resource the MCP server that a token is wanted for
        Secret assertion(String issuer, String resource) throws InterruptedException;
    }
}
