package dev.tandem.mcp.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What an authorization server says of itself (RFC 8414, OpenID Connect Discovery).
///
/// @param issuer its name
/// @param authorize where people sign in; empty where only programs do
/// @param register where clients register themselves
/// @param revoke where tokens are given back
/// @param scopes what it knows of; empty where it does not say
/// @param methods how clients may prove who they are; empty where it does not say
/// @param grants how tokens may be come by; empty where it does not say
/// @param pkce whether it has PKCE with S256
/// @param readsClientDocuments whether a client may be a URL that it reads
/// @param namesItself whether it says who it is when it sends people back (RFC 9207)
record ServerMetadata(
        String issuer,
        Optional<URI> authorize,
        URI token,
        Optional<URI> register,
        Optional<URI> revoke,
        Scopes scopes,
        List<String> methods,
        List<String> grants,
        boolean pkce,
        boolean readsClientDocuments,
        boolean namesItself) {
    private static final String OAUTH = "/.well-known/oauth-authorization-server";
    private static final String OPENID = "/.well-known/openid-configuration";

    ServerMetadata {
        methods = List.copyOf(methods);
        grants = List.copyOf(grants);
    }

    /// Where it may stand, in the order that MCP wants.
    static List<URI> places(URI issuer) {
        String origin = Urls.origin(issuer);
        String path = Urls.path(issuer).replaceAll("/+$", "");
        return path.isEmpty()
                ? List.of(URI.create(origin + OAUTH), URI.create(origin + OPENID))
                : List.of(
                        URI.create(origin + OAUTH + path),
                        URI.create(origin + OPENID + path),
                        URI.create(origin + path + OPENID));
    }

    /// What MCP of 2025-03-26 takes for granted of a server that says nothing.
    static ServerMetadata usual(String origin) {
        return new ServerMetadata(
                origin,
                Optional.of(URI.create(origin + "/authorize")),
                URI.create(origin + "/token"),
                Optional.of(URI.create(origin + "/register")),
                Optional.empty(),
                Scopes.NONE,
                List.of(),
                List.of(),
                true,
                false,
                false);
    }

    /// Reads a document.
    ///
    /// @param from where it was
    /// @throws Failure UPSTREAM_ERROR where it is of another issuer, or lacks what is needed
    static ServerMetadata of(JsonNode json, URI from, String issuer) {
        if (!OAuthHttp.text(json, "issuer").equals(Optional.of(issuer))) {
            throw OAuthHttp.broken(from, " describes another authorization server than " + issuer);
        }
        return new ServerMetadata(
                issuer,
                uri(json, "authorization_endpoint", from),
                uri(json, "token_endpoint", from)
                        .orElseThrow(() -> OAuthHttp.broken(from, " names no token_endpoint")),
                uri(json, "registration_endpoint", from),
                uri(json, "revocation_endpoint", from),
                Scopes.of(json.path("scopes_supported")).orElse(Scopes.NONE),
                texts(json, "token_endpoint_auth_methods_supported"),
                texts(json, "grant_types_supported"),
                texts(json, "code_challenge_methods_supported").contains("S256"),
                json.path("client_id_metadata_document_supported").asBoolean(),
                json.path("authorization_response_iss_parameter_supported").asBoolean());
    }

    private static Optional<URI> uri(JsonNode json, String field, URI from) {
        Optional<String> text = OAuthHttp.text(json, field);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI uri = URI.create(text.get());
            if (Urls.isSecure(uri)) {
                return Optional.of(uri);
            }
        } catch (IllegalArgumentException noUrl) {
            // told below
        }
        throw OAuthHttp.broken(from, " has a " + field + " that is no https URL");
    }

    private static List<String> texts(JsonNode json, String field) {
        List<String> texts = new ArrayList<>();
        json.path(field).forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /// Where people sign in.
    ///
    /// @throws Failure UPSTREAM_ERROR where they cannot, or not safely
    URI signIn() {
        if (!pkce) {
            throw new Failure(
                    FailureCode.UPSTREAM_ERROR,
                    "The authorization server "
                            + issuer
                            + " does not support PKCE with S256, without which MCP allows no"
                            + " sign-in.");
        }
        return authorize.orElseThrow(
                () ->
                        new Failure(
                                FailureCode.UPSTREAM_ERROR,
                                "At the authorization server "
                                        + issuer
                                        + " nobody can sign in: it names no"
                                        + " authorization_endpoint."));
    }

    /// Whether it may give refresh tokens.
    boolean refreshes() {
        return grants.isEmpty() || grants.contains("refresh_token");
    }
}
