package dev.tandem.mcp.oauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.mcp.oauth.FakeAuthority.Said;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who decides about a server.
final class DiscoveryTest {
    private final FakeAuthority authority = new FakeAuthority();
    private final OAuthHttp http = new OAuthHttp(SignInFixture.settings(Optional.empty()));
    private final Discovery discovery = new Discovery(http, Reach.Names.DNS);

    DiscoveryTest() throws IOException {}

    @AfterEach
    void close() {
        http.close();
        authority.close();
    }

    private Authority find() throws InterruptedException {
        return discovery.find(authority.server(), Challenge.NONE);
    }

    private Failure fails() {
        return assertThrows(Failure.class, this::find);
    }

    @Test
    void looksFirstWhereTheServerSaysItStands() throws Exception {
        authority.on("/elsewhere", _ -> Said.json(200, authority.resource));
        Challenge challenge =
                new Challenge(
                        Optional.of(authority.url("/elsewhere")), Scopes.NONE, Optional.empty());

        Authority found = discovery.find(authority.server(), challenge);

        assertEquals(authority.url("/mcp").toString(), found.resource());
        assertEquals(List.of("/elsewhere", FakeAuthority.SERVER), authority.paths());
    }

    @Test
    void looksAtThePathAndThenAtTheRoot() throws Exception {
        authority.nothingAt(FakeAuthority.RESOURCE + "/mcp");
        authority.resource.put("resource", authority.origin());
        authority.resource.putArray("scopes_supported").add("read");
        authority.on(FakeAuthority.RESOURCE, _ -> Said.json(200, authority.resource));

        Authority found = find();

        assertEquals(authority.origin(), found.resource());
        assertEquals(Scopes.of("read"), found.proposed());
        assertEquals(
                List.of(
                        FakeAuthority.RESOURCE + "/mcp",
                        FakeAuthority.RESOURCE,
                        FakeAuthority.SERVER),
                authority.paths());
    }

    @Test
    void looksForAnIssuerWithAPathAtThreePlaces() throws Exception {
        String issuer = authority.origin() + "/tenant";
        authority.resource.putArray("authorization_servers").add(issuer);
        authority.metadata.put("issuer", issuer);
        authority.on("/tenant" + FakeAuthority.OPENID, _ -> Said.json(200, authority.metadata));

        assertEquals(issuer, find().server().issuer());
        assertEquals(
                List.of(
                        FakeAuthority.RESOURCE + "/mcp",
                        FakeAuthority.SERVER + "/tenant",
                        FakeAuthority.OPENID + "/tenant",
                        "/tenant" + FakeAuthority.OPENID),
                authority.paths());
    }

    @Test
    void looksForAnIssuerWithoutAPathAtTwoPlaces() throws Exception {
        authority.nothingAt(FakeAuthority.SERVER);
        authority.on(FakeAuthority.OPENID, _ -> Said.json(200, authority.metadata));

        assertEquals(authority.origin(), find().server().issuer());
    }

    @ParameterizedTest
    @CsvSource({
        "https://evil.example/mcp",
        "http://127.0.0.1:1/mcp",
        "ORIGIN/other",
        "ORIGIN/mc",
        "''"
    })
    void believesNoDocumentOfAnotherServer(String resource) {
        authority.resource.put("resource", resource.replace("ORIGIN", authority.origin()));

        assertTrue(fails().text().contains("describes another server"));
        assertEquals(List.of(FakeAuthority.RESOURCE + "/mcp"), authority.paths());
    }

    @ParameterizedTest
    @CsvSource({"https://honest.example", "ORIGIN/", "''"})
    void believesNoDocumentOfAnotherIssuer(String issuer) {
        authority.metadata.put("issuer", issuer.replace("ORIGIN", authority.origin()));

        assertTrue(fails().text().contains("another authorization server"));
    }

    @ParameterizedTest
    @CsvSource({
        "authorization_endpoint, javascript:alert(1)",
        "authorization_endpoint, http://auth.example/authorize",
        "token_endpoint,         http://auth.example/token",
        "token_endpoint,         ''",
        "registration_endpoint,  file:///etc/passwd"
    })
    void believesNoEndpointThatIsNotSafe(String field, String url) {
        authority.metadata.put(field, url);

        assertEquals(FailureCode.UPSTREAM_ERROR, fails().code());
    }

    @Test
    void anAuthorizationServerThatSaysNothingIsNone() {
        authority.nothingAt(FakeAuthority.SERVER);

        assertTrue(fails().text().contains("publishes no metadata"));
    }

    @Test
    void aServerOfTheOldKindIsItsOwnAuthorizationServer() throws Exception {
        authority.nothingAt(FakeAuthority.RESOURCE + "/mcp");
        authority.metadata.put("issuer", authority.origin() + "/auth");

        Authority found = find();

        assertEquals(authority.url("/mcp").toString(), found.resource());
        assertEquals(authority.origin() + "/auth", found.server().issuer());
    }

    @Test
    void aServerOfTheOldKindThatSaysNothingHasTheUsualEndpoints() throws Exception {
        authority.nothingAt(FakeAuthority.RESOURCE + "/mcp");
        authority.nothingAt(FakeAuthority.SERVER);

        ServerMetadata found = find().server();

        assertEquals(Optional.of(authority.url("/authorize")), found.authorize());
        assertEquals(authority.url("/token"), found.token());
        assertEquals(Optional.of(authority.url("/register")), found.register());
        assertTrue(found.pkce());
    }

    @Test
    void aServerInTroubleIsNotTakenForAnOldOne() {
        authority.on(FakeAuthority.RESOURCE + "/mcp", _ -> Said.status(503));

        assertEquals(FailureCode.UPSTREAM_ERROR, fails().code());
        assertEquals(1, authority.seen.size());
    }

    @Test
    void followsAFewRedirects() throws Exception {
        authority.on(FakeAuthority.RESOURCE + "/mcp", _ -> Said.moved("/a"));
        authority.on("/a", _ -> Said.json(200, authority.resource));

        assertEquals(authority.origin(), find().server().issuer());
    }

    @Test
    void followsNoRedirectForEverOrOutOfReach() {
        authority.on(FakeAuthority.RESOURCE + "/mcp", _ -> Said.moved("/a"));
        authority.on("/a", _ -> Said.moved("/a"));
        assertTrue(fails().text().contains("redirects more than 3 times"));

        authority.on("/a", _ -> Said.moved("http://169.254.169.254/latest/meta-data"));
        assertTrue(fails().text().contains("https only"));

        authority.on("/a", _ -> Said.moved("https://169.254.169.254/latest/meta-data"));
        assertTrue(fails().text().contains("nearer to this machine"));
    }

    @Test
    void readsNoDocumentThatIsTooLong() {
        String long_ = "{\"resource\":\"" + "x".repeat(20 * 1024) + "\"}";
        authority.on(FakeAuthority.RESOURCE + "/mcp", _ -> new Said(200, long_, Map.of()));

        assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, fails().code());
    }

    @Test
    void waitsForNoDocumentForEver() {
        CountDownLatch never = new CountDownLatch(1);
        authority.on(
                FakeAuthority.RESOURCE + "/mcp",
                _ -> {
                    try {
                        never.await();
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                    return Said.status(500);
                });

        assertEquals(FailureCode.UPSTREAM_TIMEOUT, fails().code());
        never.countDown();
    }

    @Test
    void anOperatorsClientStaysWithItsIssuer() {
        OAuthClient client =
                new OAuthClient(
                        "ours",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("https://login.example"),
                        OAuthGrant.SIGN_IN);
        OAuthServer server =
                new OAuthServer("files", authority.url("/mcp"), Optional.of(client), Set.of());

        Failure refused = assertThrows(Failure.class, () -> discovery.find(server, Challenge.NONE));

        assertTrue(refused.text().contains("https://login.example"));
    }

    @Test
    void asksAServerWhatItDemands() throws Exception {
        Challenge heard = discovery.ask(authority.server());

        assertEquals(
                Optional.of(URI.create(authority.origin() + FakeAuthority.RESOURCE + "/mcp")),
                heard.metadata());
    }
}
