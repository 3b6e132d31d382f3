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
