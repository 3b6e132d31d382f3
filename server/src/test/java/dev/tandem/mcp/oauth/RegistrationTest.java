package dev.tandem.mcp.oauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.failure.Failure;
import dev.tandem.mcp.oauth.FakeAuthority.Said;
import dev.tandem.mcp.oauth.FakeAuthority.Seen;
import dev.tandem.secret.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which client we are.
final class RegistrationTest {
    private static final URI DOCUMENT = URI.create("https://tandem.example/client.json");

    private final SignInFixture anna = new SignInFixture(Optional.of(DOCUMENT));
    private final FakeAuthority authority = anna.authority;

    RegistrationTest() throws IOException {}

    @AfterEach
    void close() {
        anna.close();
    }

    @Test
    void isTheOperatorsClientFirstOfAll() throws Exception {
        authority.metadata.put("client_id_metadata_document_supported", true);
        OAuthClient ours = new OAuthClient("ours", Optional.empty());

        assertEquals("ours", anna.begin(anna.with(ours)).get("client_id"));
        assertEquals(List.of(), authority.at("/register"));
    }

    @Test
    void isItsOwnDocumentWhereThatIsRead() throws Exception {
        authority.metadata.put("client_id_metadata_document_supported", true);

        anna.signIn();

        Seen paid = authority.at("/token").getFirst();
        assertEquals(DOCUMENT.toString(), paid.form().get("client_id"));
        assertEquals(List.of(), authority.at("/register"));
    }

    @Test
    void registersOnceAndStaysThat() throws Exception {
        anna.signIn();
        anna.signIn();
        try (Authorizations later =
                anna.open(SignInFixture.settings(Optional.empty()), SignInFixture.KEY)) {
            URI _ = later.begin(SignInFixture.ANNA, authority.server(), HeadlessBrowser.BACK);
        }

        assertEquals(1, authority.at("/register").size());
    }

    @Test
    void saysWhatItIs() throws Exception {
        anna.signIn();

        JsonNode said = new ObjectMapper().readTree(authority.at("/register").getFirst().body());
        assertEquals("Tandem", said.path("client_name").asText());
        assertEquals("[\"" + HeadlessBrowser.BACK + "\"]", said.path("redirect_uris").toString());
        assertEquals(
                "[\"authorization_code\",\"refresh_token\"]", said.path("grant_types").toString());
        assertEquals("[\"code\"]", said.path("response_types").toString());
        assertEquals("native", said.path("application_type").asText());
        assertEquals("client_secret_basic", said.path("token_endpoint_auth_method").asText());
    }

    @Test
    void isAnApplicationOfTheWebWhereItIsReachedThere() throws Exception {
        URI _ =
                anna.authorizations.begin(
                        SignInFixture.ANNA,
                        authority.server(),
                        URI.create("https://tandem.example/callback"));

        assertTrue(
                authority
                        .at("/register")
                        .getFirst()
                        .body()
                        .contains("\"application_type\":\"web\""));
    }

    @Test
    void registersAnewForAnotherWayBackAndAnotherIssuer() throws Exception {
        anna.signIn();
        URI _ =
                anna.authorizations.begin(
                        SignInFixture.ANNA,
                        authority.server(),
                        URI.create("https://tandem.example/callback"));
        assertEquals(2, authority.at("/register").size());

        try (FakeAuthority other = new FakeAuthority()) {
            other.registered.put("client_id", "client-2");
            authority.resource.putArray("authorization_servers").add(other.origin());

            assertEquals("client-2", anna.begin().get("client_id"));
            assertEquals(1, other.at("/register").size());
            assertTrue(other.seen.stream().noneMatch(seen -> seen.body().contains("client-1")));
        }
    }

    @Test
    void registersAnewWhenItsSecretHasExpired() throws Exception {
        authority
                .registered
                .put("client_secret", "word-1")
                .put(
                        "client_secret_expires_at",
                        anna.clock.instant().plusSeconds(60).getEpochSecond());
        anna.signIn();
        anna.clock.pass(Duration.ofMinutes(2));

        anna.signIn();

        assertEquals(2, authority.at("/register").size());
    }

    @Test
    void tellsWhyItIsNotRegistered() {
        authority.on("/register", _ -> Said.error("invalid_redirect_uri"));

        Failure refused = assertThrows(Failure.class, anna::begin);

        assertTrue(refused.text().contains("invalid_redirect_uri"), refused::text);
        assertTrue(refused.text().contains(HeadlessBrowser.BACK.toString()), refused::text);
    }

    @Test
    void tellsTheOperatorWhatToDoWhereNobodyRegistersByItself() {
        authority.metadata.remove("registration_endpoint");

        assertTrue(assertThrows(Failure.class, anna::begin).text().contains("by hand"));
    }

    /// How it proves who it is: what the server supports, what it says at the registration, whether
    /// it gives a secret, and what is done.
    @ParameterizedTest
    @CsvSource({
        "client_secret_basic, client_secret_basic, true,  basic",
        "client_secret_post,  client_secret_post,  true,  post",
        "none,                none,                false, none",
        "none,                ,                    true,  none",
        "client_secret_post,  ,                    true,  post",
        ",                    ,                    true,  basic",
        ",                    ,                    false, none",
        "client_secret_basic, client_secret_basic, false, none",
        "tls_client_auth,     private_key_jwt,     true,  basic"
    })
    void provesWhoItIsAsTheServerWants(String known, String told, boolean secret, String way)
            throws Exception {
        if (known != null) {
            authority.metadata.putArray("token_endpoint_auth_methods_supported").add(known);
        }
        if (told != null) {
            authority.registered.put("token_endpoint_auth_method", told);
        }
        if (secret) {
            authority.registered.put("client_secret", "a word: 1+1");
        }

        anna.signIn();

        Seen paid = authority.at("/token").getFirst();
        Map<String, String> form = paid.form();
        String basic =
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(
                                        "client-1:a+word%3A+1%2B1"
                                                .getBytes(StandardCharsets.US_ASCII));
        assertEquals(way.equals("basic") ? Optional.of(basic) : Optional.empty(), paid.auth());
        assertEquals(way.equals("post") ? "a word: 1+1" : null, form.get("client_secret"));
        assertEquals(way.equals("basic") ? null : "client-1", form.get("client_id"));
    }

    @Test
    void anOperatorsSecretIsNotStoredAndMayChange() throws Exception {
        OAuthServer before =
                anna.with(new OAuthClient("ours", Optional.of(new Secret("old-word"))));
        OAuthServer after = anna.with(new OAuthClient("ours", Optional.of(new Secret("new-word"))));
        anna.signIn(before);
        anna.clock.pass(Duration.ofHours(1));

        assertEquals(
                Optional.of("Bearer access-2"),
                anna.authorizations.of(SignInFixture.ANNA, after).header());
        String sent = authority.at("/token").getLast().auth().orElseThrow().substring(6);
        assertEquals(
                "ours:new-word",
                new String(Base64.getDecoder().decode(sent), StandardCharsets.UTF_8));
    }

    @Test
    void writesItsOwnDocument() throws Exception {
        OAuthSettings settings =
                new OAuthSettings(
                        "Tandem",
                        Optional.of(URI.create("https://tandem.example/")),
                        Optional.of(DOCUMENT),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        1024,
                        10);

        JsonNode document = new ObjectMapper().readTree(ClientDocument.of(settings).orElseThrow());

        assertEquals(DOCUMENT.toString(), document.path("client_id").asText());
        assertEquals("Tandem", document.path("client_name").asText());
        assertEquals(
                "[\"https://tandem.example/v1/mcp/oauth/callback\"]",
                document.path("redirect_uris").toString());
        assertEquals("none", document.path("token_endpoint_auth_method").asText());
        assertEquals(Optional.empty(), ClientDocument.of(OAuthSettings.DEFAULTS));
    }
}
