package dev.tandem.mcp.oauth;

import static dev.tandem.mcp.oauth.SignInFixture.ANNA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.mcp.oauth.FakeAuthority.Said;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A person signs in.
final class SignInTest {
    private final SignInFixture anna = new SignInFixture();
    private final FakeAuthority authority = anna.authority;

    SignInTest() throws IOException {}

    @AfterEach
    void close() {
        anna.close();
    }

    private Failure completing(String state, Optional<String> issuer) {
        return assertThrows(
                Failure.class, () -> anna.authorizations.complete(state, "the-code", issuer));
    }

    @Test
    void letsRequestsInAfterwards() throws Exception {
        assertEquals(Optional.empty(), anna.authorizer().header());
        assertFalse(anna.authorizations.signedIn(ANNA, authority.server()));

        anna.signIn();

        assertEquals(Optional.of("Bearer access-1"), anna.authorizer().header());
        assertTrue(anna.authorizations.signedIn(ANNA, authority.server()));
    }

    @Test
    void provesThatWhoeverRedeemsTheCodeAskedForIt() throws Exception {
        Map<String, String> asked = anna.begin();
        SignedIn done =
                anna.authorizations.complete(
                        asked.getOrDefault("state", ""), "the-code", Optional.empty());

        Map<String, String> paid = authority.at("/token").getFirst().form();
        byte[] hash =
                MessageDigest.getInstance("SHA-256")
                        .digest(
                                paid.getOrDefault("code_verifier", "")
                                        .getBytes(StandardCharsets.US_ASCII));
        assertEquals("S256", asked.get("code_challenge_method"));
        assertEquals(
                Base64.getUrlEncoder().withoutPadding().encodeToString(hash),
                asked.get("code_challenge"));
        assertEquals("authorization_code", paid.get("grant_type"));
        assertEquals("the-code", paid.get("code"));
        assertEquals(HeadlessBrowser.BACK.toString(), paid.get("redirect_uri"));
        assertEquals(new SignedIn(ANNA, "files"), done);
    }

    @Test
    void namesTheServerBothTimes() throws Exception {
        Map<String, String> asked = anna.begin();
        SignedIn _ =
                anna.authorizations.complete(
                        asked.getOrDefault("state", ""), "the-code", Optional.empty());

        String resource = authority.url("/mcp").toString();
        assertEquals(resource, asked.get("resource"));
        assertEquals(resource, authority.at("/token").getFirst().form().get("resource"));
    }

    @Test
    void keepsWhatThePageOfTheSignInAlreadyAsks() throws Exception {
        authority.metadata.put("authorization_endpoint", authority.origin() + "/a?tenant=1");

        URI page = anna.authorizations.begin(ANNA, authority.server(), HeadlessBrowser.BACK);

        assertTrue(page.getRawQuery().startsWith("tenant=1&response_type=code&"));
    }

    @Test
    void allowsNoSignInWithoutPkce() {
        authority.metadata.remove("code_challenge_methods_supported");
        assertTrue(assertThrows(Failure.class, anna::begin).text().contains("PKCE"));

        authority.metadata.putArray("code_challenge_methods_supported").add("plain");
        assertTrue(assertThrows(Failure.class, anna::begin).text().contains("PKCE"));
    }

    @Test
    void aStateIsGoodOnce() throws Exception {
        String state = anna.begin().getOrDefault("state", "");
        SignedIn _ = anna.authorizations.complete(state, "the-code", Optional.empty());

        assertEquals(Optional.of("state"), completing(state, Optional.empty()).param());
        assertEquals(1, authority.at("/token").size());
    }

    @Test
    void aStateIsGoodForTenMinutes() throws Exception {
        String first = anna.begin().getOrDefault("state", "");
        anna.clock.pass(Duration.ofMinutes(9));
        String second = anna.begin().getOrDefault("state", "");
        anna.clock.pass(Duration.ofMinutes(1));

        assertEquals(Optional.of("state"), completing(first, Optional.empty()).param());
        SignedIn _ = anna.authorizations.complete(second, "the-code", Optional.empty());
    }

    @Test
    void nobodyGuessesAState() throws Exception {
        String state = anna.begin().getOrDefault("state", "");

        assertEquals(32, Base64.getUrlDecoder().decode(state).length);
        assertFalse(state.equals(anna.begin().getOrDefault("state", "")));
        assertEquals(Optional.of("state"), completing("", Optional.empty()).param());
        assertEquals(Optional.of("state"), completing("guessed", Optional.empty()).param());
    }

    @Test
    void whoAsksTooOftenLosesTheOldestState() throws Exception {
        List<String> states =
                List.of(
                        anna.begin().getOrDefault("state", ""),
                        anna.begin().getOrDefault("state", ""),
                        anna.begin().getOrDefault("state", ""));

        assertEquals(Optional.of("state"), completing(states.get(0), Optional.empty()).param());
        SignedIn _ = anna.authorizations.complete(states.get(1), "the-code", Optional.empty());
        SignedIn _ = anna.authorizations.complete(states.get(2), "the-code", Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "true,  right, true",
        "true,  slash, false",
        "true,  wrong, false",
        "true,  ,      false",
        "false, right, true",
        "false, wrong, false",
        "false, ,      true"
    })
    void whoSendsThePersonBackMustBeWhoTheyWereSentTo(
            boolean announced, String said, boolean accepted) throws Exception {
        authority.metadata.put("authorization_response_iss_parameter_supported", announced);
        Optional<String> issuer =
                Optional.ofNullable(said)
                        .map(
                                word ->
                                        switch (word) {
                                            case "right" -> authority.origin();
                                            case "slash" -> authority.origin() + "/";
                                            case String _ -> "https://evil.example";
                                        });
        String state = anna.begin().getOrDefault("state", "");

        if (accepted) {
            SignedIn _ = anna.authorizations.complete(state, "the-code", issuer);
        } else {
            assertEquals(Optional.of("iss"), completing(state, issuer).param());
            assertEquals(List.of(), authority.at("/token"));
            assertEquals(Optional.of("state"), completing(state, issuer).param());
        }
    }

    @Test
    void tellsThatAPersonHasDeclined() throws Exception {
        Failure told =
                anna.authorizations.declined(
                        anna.begin().getOrDefault("state", ""), "access_denied", Optional.empty());

        assertEquals(FailureCode.FORBIDDEN, told.code());
        assertTrue(told.text().contains("access_denied"));
        assertThrows(
                Failure.class,
                () -> anna.authorizations.declined("guessed", "x", Optional.empty()));
    }

    @Test
    void repeatsNoErrorOfSomebodyElse() throws Exception {
        String state = anna.begin().getOrDefault("state", "");

        Failure refused =
                assertThrows(
                        Failure.class,
                        () ->
                                anna.authorizations.declined(
                                        state,
                                        "call_this_number",
                                        Optional.of("https://evil.example")));

        assertEquals(Optional.of("iss"), refused.param());
        assertFalse(refused.text().contains("call_this_number"));
    }

    @Test
    void tellsWhyACodeBuysNothing() throws Exception {
        authority.on("/token", _ -> Said.error("invalid_grant"));
        String state = anna.begin().getOrDefault("state", "");

        Failure refused = completing(state, Optional.empty());

        assertEquals(FailureCode.UPSTREAM_ERROR, refused.code());
        assertTrue(refused.text().contains("invalid_grant"));
        assertFalse(anna.authorizations.signedIn(ANNA, authority.server()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"DPoP", "", "mac"})
    void takesBearerTokensOnly(String type) throws Exception {
        authority.tokens.put("token_type", type);
        String state = anna.begin().getOrDefault("state", "");

        assertTrue(completing(state, Optional.empty()).text().contains("no bearer token"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://tandem.example/callback",
                "myapp://callback",
                "https://user@tandem.example/"
            })
    void sendsNobodyBackWithoutEncryption(String back) {
        Failure refused =
                assertThrows(
                        Failure.class,
                        () ->
                                anna.authorizations.begin(
                                        ANNA, authority.server(), URI.create(back)));

        assertEquals(Optional.of("redirect_uri"), refused.param());
    }

    @Test
    void whatOneSignsInToNobodyElseUses() throws Exception {
        anna.signIn();

        TokenOwner ben = new TokenOwner("home", "ben");
        TokenOwner otherAnna = new TokenOwner("work", "anna");
        assertEquals(Optional.empty(), anna.authorizations.of(ben, authority.server()).header());
        assertEquals(
                Optional.empty(), anna.authorizations.of(otherAnna, authority.server()).header());
    }

    @Test
    void whatWasIssuedForOneUrlIsNotSentToAnother() throws Exception {
        anna.signIn();
        OAuthServer moved = new OAuthServer("files", authority.url("/elsewhere"));

        assertEquals(Optional.empty(), anna.authorizations.of(ANNA, moved).header());
        try (Authorizations later =
                anna.open(SignInFixture.settings(Optional.empty()), SignInFixture.KEY)) {
            assertEquals(Optional.empty(), later.of(ANNA, moved).header());
            assertEquals(
                    Optional.of("Bearer access-1"), later.of(ANNA, authority.server()).header());
        }
    }

    @Test
    void forgetsAndGivesBack() throws Exception {
        anna.signIn();
        String begun = anna.begin().getOrDefault("state", "");

        anna.authorizations.forget(ANNA, authority.server());

        assertEquals(
                List.of("refresh-1", "access-1"),
                authority.at("/revoke").stream().map(seen -> seen.form().get("token")).toList());
        assertEquals(Optional.empty(), anna.authorizer().header());
        assertEquals(List.of(), anna.store.texts());
        assertEquals(Optional.of("state"), completing(begun, Optional.empty()).param());
    }

    @Test
    void forgetsAlsoWhatIsNotTakenBack() throws Exception {
        anna.signIn();
        authority.on("/revoke", _ -> Said.status(500));

        anna.authorizations.forget(ANNA, authority.server());

        assertEquals(List.of(), anna.store.texts());
    }
}
