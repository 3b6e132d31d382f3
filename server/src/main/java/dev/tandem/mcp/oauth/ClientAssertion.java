package dev.tandem.mcp.oauth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/// A client's signed word that it is who it is (RFC 7523).
final class ClientAssertion {
    static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static final Duration VALID = Duration.ofMinutes(1);
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private ClientAssertion() {}

    /// @param issuer the only authorization server that may accept it
    /// @param id unlike every other one's
    static Secret signed(ClientKey key, String clientId, String issuer, String id, Instant now) {
        ObjectNode header =
                OAuthHttp.JSON.createObjectNode().put("alg", key.algorithm()).put("typ", "JWT");
        key.id().ifPresent(kid -> header.put("kid", kid));
        ObjectNode claims =
                OAuthHttp.JSON
                        .createObjectNode()
                        .put("iss", clientId)
                        .put("sub", clientId)
                        .put("aud", issuer)
                        .put("jti", id)
                        .put("iat", now.getEpochSecond())
                        .put("exp", now.plus(VALID).getEpochSecond());
        String body = part(header) + "." + part(claims);
        return new Secret(body + "." + BASE64.encodeToString(key.sign(body)));
    }

    private static String part(ObjectNode json) {
        return BASE64.encodeToString(json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
