package dev.tandem.mcp.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.secret.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/// Holdings as JSON, which is sealed before it goes anywhere.
final class HoldingJson {
    private HoldingJson() {}

    static byte[] write(Holding holding) {
        ObjectNode json = OAuthHttp.JSON.createObjectNode().put("server", holding.server());
        holding.registered().ifPresent(client -> json.set("registered", write(client)));
        holding.grant().ifPresent(grant -> json.set("grant", write(grant)));
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode write(RegisteredClient client) {
        ObjectNode json =
                OAuthHttp.JSON
                        .createObjectNode()
                        .put("issuer", client.issuer())
                        .put("id", client.id())
                        .put("method", client.method().word())
                        .put("redirect_uri", client.redirectUri().toString());
        client.secret().ifPresent(secret -> json.put("secret", secret.reveal()));
        client.expiresAt().ifPresent(at -> json.put("expires_at", at.toEpochMilli()));
        return json;
    }

    private static ObjectNode write(Grant grant) {
        ObjectNode json =
                OAuthHttp.JSON
                        .createObjectNode()
                        .put("resource", grant.resource())
                        .put("token_endpoint", grant.tokenEndpoint().toString())
                        .put("asked", grant.asked().text());
        grant.revocationEndpoint()
                .ifPresent(uri -> json.put("revocation_endpoint", uri.toString()));
        json.set("client", write(grant.client()));
        json.set("tokens", write(grant.tokens()));
        return json;
    }

    private static ObjectNode write(Tokens tokens) {
        ObjectNode json =
                OAuthHttp.JSON
                        .createObjectNode()
                        .put("access", tokens.access().reveal())
                        .put("issued_at", tokens.issuedAt().toEpochMilli())
                        .put("scope", tokens.scopes().text());
        tokens.refresh().ifPresent(refresh -> json.put("refresh", refresh.reveal()));
        tokens.expiresAt().ifPresent(at -> json.put("expires_at", at.toEpochMilli()));
        return json;
    }

    static Holding read(byte[] bytes) {
        try {
            JsonNode json = OAuthHttp.JSON.readTree(bytes);
            return new Holding(
                    json.path("server").asText(),
                    part(json, "registered").map(HoldingJson::client),
                    part(json, "grant").map(HoldingJson::grant));
        } catch (IOException impossible) {
            throw new UncheckedIOException("what was sealed is no JSON", impossible);
        }
    }

    private static Optional<JsonNode> part(JsonNode json, String field) {
        return Optional.ofNullable(json.get(field));
    }

    private static RegisteredClient client(JsonNode json) {
        return new RegisteredClient(
                json.path("issuer").asText(),
                json.path("id").asText(),
                OAuthHttp.secret(json, "secret"),
                AuthMethod.of(json.path("method").asText()).orElse(AuthMethod.NONE),
                URI.create(json.path("redirect_uri").asText()),
                time(json, "expires_at"));
    }

    private static Grant grant(JsonNode json) {
        return new Grant(
                json.path("resource").asText(),
                URI.create(json.path("token_endpoint").asText()),
                OAuthHttp.text(json, "revocation_endpoint").map(URI::create),
                client(json.path("client")),
                Scopes.of(json.path("asked").asText()),
                tokens(json.path("tokens")));
    }

    private static Tokens tokens(JsonNode json) {
        return new Tokens(
                new Secret(json.path("access").asText()),
                OAuthHttp.secret(json, "refresh"),
                Instant.ofEpochMilli(json.path("issued_at").asLong()),
                time(json, "expires_at"),
                Scopes.of(json.path("scope").asText()));
    }

    private static Optional<Instant> time(JsonNode json, String field) {
        return part(json, field).map(JsonNode::asLong).map(Instant::ofEpochMilli);
    }
}
