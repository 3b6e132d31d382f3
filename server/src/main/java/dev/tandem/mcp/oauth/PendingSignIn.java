package dev.tandem.mcp.oauth;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Somebody is signing in: what has to be known when they come back.
///
/// @param asked the scopes
/// @param startedAt it ends by itself after a while
record PendingSignIn(
        TokenOwner owner,
        OAuthServer server,
        Authority authority,
        RegisteredClient client,
        Pkce pkce,
        Scopes asked,
        Instant startedAt) {

    /// What the browser carries to the authorization server.
    Map<String, String> question(String state) {
        Map<String, String> question = new LinkedHashMap<>();
        question.put("response_type", "code");
        question.put("client_id", client.id());
        question.put("redirect_uri", client.redirectUri().toString());
        question.put("state", state);
        question.put("code_challenge", pkce.challenge());
        question.put("code_challenge_method", "S256");
        question.put("resource", authority.resource());
        if (!asked.isEmpty()) {
            question.put("scope", asked.text());
        }
        if (asked.has("offline_access")) {
            question.put("prompt", "consent");
        }
        return question;
    }

    /// Makes sure that who sends the person back is who they were sent to (RFC 9207). Compares
    /// letter by letter, as it must.
    ///
    /// @throws Failure INVALID_REQUEST where it is somebody else, or does not say although it does
    ///     as a rule
    void requireIssuer(Optional<String> issuer) {
        boolean right =
                issuer.map(authority.server().issuer()::equals)
                        .orElse(!authority.server().namesItself());
        if (!right) {
            throw Failure.invalid(
                    "iss",
                    "iss is not "
                            + authority.server().issuer()
                            + ", where this sign-in began; begin again.");
        }
    }

    /// Somebody asks for too much.
    static Failure tooMany() {
        return new Failure(
                FailureCode.OVERLOADED, "Too many sign-ins are under way; finish one, or wait.");
    }
}
