package dev.tandem.mcp.oauth;

import dev.tandem.mcp.http.Authorizer;
import dev.tandem.mcp.http.Authorizer.Refusal;
import dev.tandem.secret.Secret;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Anna, a server that she signs in to, and what is kept of it.
final class SignInFixture implements AutoCloseable {
    static final TokenOwner ANNA = new TokenOwner("home", "anna");
    static final TokenKey KEY =
            TokenKey.of(new Secret(Base64.getEncoder().encodeToString(new byte[32])));

    final FakeClock clock = new FakeClock();
    final MemoryTokenStore store = new MemoryTokenStore();
    final FakeAuthority authority;
    final Authorizations authorizations;

    SignInFixture() throws IOException {
        this(Optional.empty());
    }

    /// @param document the URL of our client metadata document
    SignInFixture(Optional<URI> document) throws IOException {
        authority = new FakeAuthority();
        authorizations = open(settings(document), KEY);
    }

    static OAuthSettings settings(Optional<URI> document) {
        OAuthSettings defaults = OAuthSettings.DEFAULTS;
        return new OAuthSettings(
                defaults.clientName(),
                defaults.redirectBase(),
                document,
                Duration.ofSeconds(2),
                defaults.signInMax(),
                defaults.refreshAhead(),
                16 * 1024,
                20);
    }

    /// Another server on the same store.
    Authorizations open(OAuthSettings settings, TokenKey key) {
        return new Authorizations(settings, store, key, clock);
    }

    Authorizer authorizer() {
        return authorizations.of(ANNA, authority.server());
    }

    /// Asks for the page of a sign-in.
    ///
    /// @return what the browser carries there
    Map<String, String> begin(OAuthServer server) throws InterruptedException {
        URI page = authorizations.begin(ANNA, server, HeadlessBrowser.BACK);
        return HeadlessBrowser.parameters(page.getRawQuery());
    }

    Map<String, String> begin() throws InterruptedException {
        return begin(authority.server());
    }

    void signIn() throws IOException, InterruptedException {
        signIn(authority.server());
    }

    void signIn(OAuthServer server) throws IOException, InterruptedException {
        SignedIn _ = HeadlessBrowser.signIn(authorizations, ANNA, server);
    }

    Refusal unknown() {
        return new Refusal(401, Optional.of(authority.challenge()));
    }

    Refusal lacking(String scopes) {
        return new Refusal(
                403, Optional.of("Bearer error=\"insufficient_scope\", scope=\"" + scopes + "\""));
    }

    OAuthServer with(OAuthClient client) {
        return new OAuthServer("files", authority.url("/mcp"), Optional.of(client), Set.of());
    }

    @Override
    public void close() {
        authorizations.close();
        authority.close();
    }
}
