package dev.tandem.hub;

import dev.tandem.mcp.oauth.OAuthClient;
import dev.tandem.mcp.oauth.OAuthGrant;
import dev.tandem.mcp.oauth.OAuthServer;
import dev.tandem.secret.Secret;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How to come by tokens for a server, as it was declared. No text of this shows the secret.
///
/// @param clientId the client that was registered by hand; empty to let one be registered
/// @param clientSecret empty for a public client
/// @param scopes what to ask for besides what the server demands; empty for what it proposes
/// @param way how tokens are come by
public record OAuthTerms(
        Optional<String> clientId, Optional<String> clientSecret, List<String> scopes, Way way) {
    /// Nothing was declared.
    public static final OAuthTerms NONE =
            new OAuthTerms(Optional.empty(), Optional.empty(), List.of(), Way.AUTHORIZATION_CODE);

    /// How tokens are come by, in OAuth's words.
    public enum Way {
        /// A person signs in.
        AUTHORIZATION_CODE,
        /// The client's credentials are enough; nobody signs in.
        CLIENT_CREDENTIALS
    }

    /// @throws IllegalArgumentException naming what does not go together, without values
    public OAuthTerms {
        scopes = List.copyOf(scopes);
        require(clientId.isEmpty() || !clientId.get().isBlank(), "clientId must not be blank");
        require(
                clientSecret.isEmpty() || !clientSecret.get().isBlank(),
                "clientSecret must not be blank");
        require(clientId.isPresent() || clientSecret.isEmpty(), "clientSecret needs a clientId");
        require(
                way == Way.AUTHORIZATION_CODE || clientSecret.isPresent(),
                "the grant client_credentials needs a clientId and a clientSecret");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException("oauth: " + message);
        }
    }

    boolean isNone() {
        return equals(NONE);
    }

    /// The server that tokens are wanted for, once variables are filled in.
    OAuthServer server(String id, URI url) {
        Optional<OAuthClient> client =
                clientId.map(
                        known ->
                                new OAuthClient(
                                        known,
                                        clientSecret.map(Secret::new),
                                        Optional.empty(),
                                        Optional.empty(),
                                        grant()));
        return new OAuthServer(id, url, client, Set.copyOf(scopes));
    }

    private OAuthGrant grant() {
        return switch (way) {
            case AUTHORIZATION_CODE -> OAuthGrant.SIGN_IN;
            case CLIENT_CREDENTIALS -> OAuthGrant.OWN_BEHALF;
        };
    }

    @Override
    public String toString() {
        return "OAuthTerms[" + clientId.orElse("") + "]";
    }
}
