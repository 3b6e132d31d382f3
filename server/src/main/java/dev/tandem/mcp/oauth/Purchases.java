package dev.tandem.mcp.oauth;

import dev.tandem.failure.Failure;
import dev.tandem.secret.Secret;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The ways to come by tokens, and the one to give them back.
final class Purchases {
    private static final URI NO_BROWSER = URI.create("http://localhost/");
    private static final String VOUCHED = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    private final Discovery discovery;
    private final TokenEndpoint endpoint;

    Purchases(Discovery discovery, TokenEndpoint endpoint) {
        this.discovery = discovery;
        this.endpoint = endpoint;
    }

    /// With the code that a person brought back.
    TokenAnswer redeem(PendingSignIn signIn, Secret code) throws InterruptedException {
        RegisteredClient client = signIn.client();
        Map<String, String> open = new LinkedHashMap<>();
        open.put("grant_type", "authorization_code");
        open.put("redirect_uri", client.redirectUri().toString());
        open.put("resource", signIn.authority().resource());
        return endpoint.buy(
                signIn.authority().server().token(),
                party(signIn.server(), client),
                open,
                Map.of("code", code, "code_verifier", signIn.pkce().verifier()),
                signIn.asked());
    }

    /// With a refresh token.
    TokenAnswer renew(OAuthServer server, Grant grant, Secret refresh) throws InterruptedException {
        return endpoint.buy(
                grant.tokenEndpoint(),
                party(server, grant.client()),
                Map.of("grant_type", "refresh_token", "resource", grant.resource()),
                Map.of("refresh_token", refresh),
                grant.tokens().scopes());
    }

    /// Without a person.
    ///
    /// @throws Failure UPSTREAM_ERROR where that is not enough
    Grant unattended(OAuthServer server, OAuthClient ours, Challenge challenge, Scopes demanded)
            throws InterruptedException {
        Authority authority = discovery.find(server, challenge);
        ServerMetadata metadata = authority.server();
        RegisteredClient client = Registration.operators(ours, metadata, NO_BROWSER);
        Scopes asked = authority.scopes(demanded, server.chosen());
        Map<String, String> open = new LinkedHashMap<>();
        open.put("grant_type", grantType(ours.grant()));
        open.put("resource", authority.resource());
        if (!asked.isEmpty()) {
            open.put("scope", asked.text());
        }
        Map<String, Secret> secret = secret(ours.grant(), authority);
        TokenAnswer answer =
                endpoint.buy(metadata.token(), party(server, client), open, secret, asked);
        return switch (answer) {
            case TokenAnswer.Granted(Tokens tokens) -> Grant.of(authority, client, asked, tokens);
            case TokenAnswer.Denied denied -> throw denied.failure(metadata.issuer());
        };
    }

    private static String grantType(OAuthGrant grant) {
        return switch (grant) {
            case OAuthGrant.SignIn _ -> "authorization_code";
            case OAuthGrant.OwnBehalf _ -> "client_credentials";
            case OAuthGrant.Vouched _ -> VOUCHED;
        };
    }

    private static Map<String, Secret> secret(OAuthGrant grant, Authority authority)
            throws InterruptedException {
        return switch (grant) {
            case OAuthGrant.SignIn _, OAuthGrant.OwnBehalf _ -> Map.of();
            case OAuthGrant.Vouched(OAuthGrant.Voucher voucher) ->
                    Map.of(
                            "assertion",
                            voucher.assertion(authority.server().issuer(), authority.resource()));
        };
    }

    /// Gives tokens back, where the authorization server takes them.
    ///
    /// @throws Failure where it does not
    void giveBack(OAuthServer server, Grant grant) throws InterruptedException {
        Optional<URI> place = grant.revocationEndpoint();
        if (place.isEmpty()) {
            return;
        }
        Tokens tokens = grant.tokens();
        TokenEndpoint.Party party = party(server, grant.client());
        if (tokens.refresh().isPresent()) {
            endpoint.revoke(place.get(), party, "refresh_token", tokens.refresh().get());
        }
        endpoint.revoke(place.get(), party, "access_token", tokens.access());
    }

    /// The operator's client has the secret and the key that are set now.
    private TokenEndpoint.Party party(OAuthServer server, RegisteredClient client) {
        Optional<OAuthClient> ours =
                server.client().filter(known -> known.id().equals(client.id()));
        return new TokenEndpoint.Party(
                ours.map(known -> client.with(known.secret())).orElse(client),
                ours.flatMap(OAuthClient::key),
                discovery.reach(server));
    }
}
