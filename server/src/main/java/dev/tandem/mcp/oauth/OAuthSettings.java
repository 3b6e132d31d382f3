package dev.tandem.mcp.oauth;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// How people sign in to MCP servers.
///
/// @param clientName `mcp.oauth.client-name`: what a person reads who is asked for consent
/// @param redirectBase `mcp.oauth.redirect-base`: where browsers reach this server, https or on
///     this machine; empty where people cannot sign in
/// @param clientMetadataUrl `mcp.oauth.client-metadata-url`: the https URL of this server's client
///     metadata document, for authorization servers that read one; empty to be registered by hand
///     or by request
/// @param requestMax `mcp.oauth.request-max`: how long an authorization server may take to answer
/// @param signInMax `mcp.oauth.sign-in-max`: how long a person has to sign in
/// @param refreshAhead `mcp.oauth.refresh-ahead`: a token that expires sooner is renewed first
/// @param documentBytesMax `mcp.oauth.document-bytes-max`: the most bytes of any answer
/// @param signInsMax `mcp.oauth.sign-ins-max`: the most sign-ins under way; an owner has a tenth
///     of them at most
public record OAuthSettings(
        String clientName,
        Optional<URI> redirectBase,
        Optional<URI> clientMetadataUrl,
        Duration requestMax,
        Duration signInMax,
        Duration refreshAhead,
        int documentBytesMax,
        int signInsMax) {
    /// The path of the endpoint that browsers come back to.
    public static final String CALLBACK = "/v1/mcp/oauth/callback";

    public static final OAuthSettings DEFAULTS =
            new OAuthSettings(
                    "Tandem",
                    Optional.empty(),
                    Optional.empty(),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(10),
                    Duration.ofSeconds(60),
                    256 * 1024,
                    1_000);

    public OAuthSettings {
        require(!clientName.isBlank(), "mcp.oauth.client-name must not be blank");
        redirectBase.ifPresent(
                base ->
                        require(
                                Urls.isSecure(base),
                                "mcp.oauth.redirect-base must be an https URL, or one on this"
                                        + " machine, was "
                                        + base));
        clientMetadataUrl.ifPresent(
                url ->
                        require(
                                "https".equals(url.getScheme())
                                        && url.getRawPath() != null
                                        && url.getRawPath().length() > 1,
                                "mcp.oauth.client-metadata-url must be an https URL with a path,"
                                        + " was "
                                        + url));
        require(requestMax.isPositive(), "mcp.oauth.request-max must be positive");
        require(signInMax.isPositive(), "mcp.oauth.sign-in-max must be positive");
        require(!refreshAhead.isNegative(), "mcp.oauth.refresh-ahead must not be negative");
        require(documentBytesMax >= 1024, "mcp.oauth.document-bytes-max must be at least 1024");
        require(signInsMax >= 10, "mcp.oauth.sign-ins-max must be at least 10");
    }

    /// Where browsers come back to; empty where people cannot sign in.
    public Optional<URI> redirectUri() {
        return redirectBase.map(
                base -> URI.create(base.toString().replaceAll("/+$", "") + CALLBACK));
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
