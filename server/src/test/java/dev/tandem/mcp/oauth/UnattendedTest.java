package dev.tandem.mcp.oauth;

import static dev.tandem.mcp.oauth.SignInFixture.ANNA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.mcp.http.Authorizer;
import dev.tandem.mcp.oauth.FakeAuthority.Said;
import dev.tandem.secret.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tokens without a person.
final class UnattendedTest {
    private final SignInFixture anna = new SignInFixture();
    private final FakeAuthority authority = anna.authority;

    UnattendedTest() throws IOException {}

    @AfterEach
    void close() {
        anna.close();
    }

    private OAuthServer server(OAuthGrant grant) {
        return anna.with(
                new OAuthClient(
                        "ours",
                        Optional.of(new Secret("word")),
                        Optional.empty(),
                        Optional.of(authority.origin()),
                        grant));
    }

    @Test
    void buysATokenWhenTheServerWantsOne() throws Exception {
        Authorizer authorizer = anna.authorizations.of(ANNA, server(OAuthGrant.OWN_BEHALF));
        assertEquals(Optional.empty(), authorizer.header());

        assertTrue(authorizer.refused(anna.unknown()));

        assertEquals(Optional.of("Bearer access-1"), authorizer.header());
        Map<String, String> paid = authority.at("/token").getFirst().form();
        assertEquals("client_credentials", paid.get("grant_type"));
        assertEquals(authority.url("/mcp").toString(), paid.get("resource"));
    }

    @Test
    void buysAnotherWhenItExpires() throws Exception {
        Authorizer authorizer = anna.authorizations.of(ANNA, server(OAuthGrant.OWN_BEHALF));
        assertTrue(authorizer.refused(anna.unknown()));
        anna.clock.pass(Duration.ofHours(1));

        assertEquals(Optional.of("Bearer access-2"), authorizer.header());
    }

    @Test
    void buysNoMoreOfWhatIsRefusedAtOnce() throws Exception {
        Authorizer authorizer = anna.authorizations.of(ANNA, server(OAuthGrant.OWN_BEHALF));
        assertTrue(authorizer.refused(anna.unknown()));
        Optional<String> _ = authorizer.header();

        Failure forGood = assertThrows(Failure.class, () -> authorizer.refused(anna.unknown()));

        assertEquals(FailureCode.FORBIDDEN, forGood.code());
        assertEquals(1, authority.at("/token").size());
    }

    @Test
    void asksForMoreOnce() throws Exception {
        Authorizer authorizer = anna.authorizations.of(ANNA, server(OAuthGrant.OWN_BEHALF));
        assertTrue(authorizer.refused(anna.unknown()));
        Optional<String> _ = authorizer.header();

        assertTrue(authorizer.refused(anna.lacking("write")));
        assertEquals("write", authority.at("/token").getLast().form().get("scope"));

        Optional<String> _ = authorizer.header();
        assertThrows(Failure.class, () -> authorizer.refused(anna.lacking("write")));
        assertEquals(2, authority.at("/token").size());
    }

    @Test
    void usesWhatIsVouchedForAndNothingElseInstead() throws Exception {
        OAuthGrant vouched =
                new OAuthGrant.Vouched(
                        (issuer, resource) -> new Secret("word of " + issuer + " " + resource));
        Authorizer authorizer = anna.authorizations.of(ANNA, server(vouched));
        authority.on("/token", _ -> Said.error("invalid_grant"));

        assertThrows(Failure.class, () -> authorizer.refused(anna.unknown()));

        assertEquals(1, authority.at("/token").size());
        Map<String, String> paid = authority.at("/token").getFirst().form();
        assertEquals("urn:ietf:params:oauth:grant-type:jwt-bearer", paid.get("grant_type"));
        assertEquals(
                "word of " + authority.origin() + " " + authority.url("/mcp"),
                paid.get("assertion"));
    }

    @Test
    void nobodyNeedsToSignIn() {
        Failure refused =
                assertThrows(Failure.class, () -> anna.begin(server(OAuthGrant.OWN_BEHALF)));

        assertEquals(FailureCode.INVALID_REQUEST, refused.code());
        assertEquals(0, authority.seen.size());
    }

    @ParameterizedTest
    @CsvSource({
        "ES256, EC, secp256r1, SHA256withECDSAinP1363Format",
        "ES384, EC, secp384r1, SHA384withECDSAinP1363Format",
        "RS256, RSA, , SHA256withRSA",
        "EdDSA, Ed25519, , Ed25519"
    })
    void signsWithItsKey(String algorithm, String kind, String curve, String verified)
            throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
        if (curve != null) {
            generator.initialize(new ECGenParameterSpec(curve));
        }
        KeyPair keys = generator.generateKeyPair();
        String pem =
                "-----BEGIN PRIVATE KEY-----"
                        + Base64.getEncoder().encodeToString(keys.getPrivate().getEncoded())
                        + "-----END PRIVATE KEY-----";
        ClientKey key = ClientKey.of(new Secret(pem), algorithm, Optional.of("key-1"));
        OAuthClient ours =
                new OAuthClient(
                        "ours",
                        Optional.empty(),
                        Optional.of(key),
                        Optional.empty(),
                        OAuthGrant.OWN_BEHALF);

        assertTrue(anna.authorizations.of(ANNA, anna.with(ours)).refused(anna.unknown()));

        Map<String, String> paid = authority.at("/token").getFirst().form();
        String[] parts = paid.getOrDefault("client_assertion", "").split("\\.", -1);
        Signature signature = Signature.getInstance(verified);
        signature.initVerify(keys.getPublic());
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        assertTrue(signature.verify(Base64.getUrlDecoder().decode(parts[2])));
        JsonNode header = new ObjectMapper().readTree(Base64.getUrlDecoder().decode(parts[0]));
        JsonNode claims = new ObjectMapper().readTree(Base64.getUrlDecoder().decode(parts[1]));
        assertEquals(algorithm, header.path("alg").asText());
        assertEquals("key-1", header.path("kid").asText());
        assertEquals(authority.origin(), claims.path("aud").asText());
        assertEquals("ours", claims.path("iss").asText());
        assertEquals("ours", claims.path("sub").asText());
        assertEquals(60, claims.path("exp").asLong() - claims.path("iat").asLong());
        assertFalse(claims.path("jti").asText().isEmpty());
        assertEquals(
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                paid.get("client_assertion_type"));
    }

    @Test
    void takesNoKeyThatIsNone() {
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> ClientKey.of(new Secret("hush"), "ES256", Optional.empty()));
        assertFalse(String.valueOf(refused.getMessage()).contains("hush"));
        assertThrows(
                IllegalArgumentException.class,
                () -> ClientKey.of(new Secret("hush"), "none", Optional.empty()));
    }
}
