package dev.tandem.mcp.oauth;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.Optional;

/// What this server says of itself as a client.
public final class ClientDocument {
    private ClientDocument() {}

    /// The client ID metadata document, in JSON, to be served at `mcp.oauth.client-metadata-url`;
    /// empty where that or `mcp.oauth.redirect-base` is not set.
    public static Optional<String> of(OAuthSettings settings) {
        if (settings.clientMetadataUrl().isEmpty()) {
            return Optional.empty();
        }
        String id = settings.clientMetadataUrl().get().toString();
        return settings.redirectUri()
                .map(
                        back ->
                                of(settings.clientName(), back, true)
                                        .put("client_id", id)
                                        .put("token_endpoint_auth_method", "none")
                                        .toString());
    }

    /// The path that this server has to serve the document at; empty where there is none, or its
    /// address is not below `mcp.oauth.redirect-base`: then somebody else serves it.
    public static Optional<String> path(OAuthSettings settings) {
        String base =
                settings.redirectBase().map(uri -> uri.toString().replaceAll("/+$", "")).orElse("");
        return settings.clientMetadataUrl()
                .map(URI::toString)
                .filter(url -> !base.isEmpty() && url.startsWith(base + "/"))
                .map(url -> url.substring(base.length()))
                .filter(path -> path.matches("(/[A-Za-z0-9._~-]+)+"));
    }

    static ObjectNode of(String name, URI back, boolean refreshes) {
        ObjectNode document = OAuthHttp.JSON.createObjectNode().put("client_name", name);
        document.putArray("redirect_uris").add(back.toString());
        ArrayNode grants = document.putArray("grant_types").add("authorization_code");
        if (refreshes) {
            grants.add("refresh_token");
        }
        document.putArray("response_types").add("code");
        return document;
    }
}
