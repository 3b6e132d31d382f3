package dev.tandem.mcp.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.mcp.http.Authorizer;
import dev.tandem.secret.Secret;
import java.net.URI;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/// Signs in to the servers of MCP's conformance suite, as the scenario wants it.
public final class ConformanceSignIn {
    private static final TokenOwner SOMEBODY = new TokenOwner("default", "anonymous");

    /// The suite knows what would stand there.
    private static final URI DOCUMENT =
            URI.create("https://conformance-test.local/client-metadata.json");

    private ConformanceSignIn() {}

    /// Lets the client in.
    ///
    /// @param context what the suite says of the client that it has registered
    public static Authorizer authorizer(String scenario, JsonNode context, URI url) {
        OAuthServer server = new OAuthServer("tested", url, client(scenario, context), Set.of());
        TokenKey key = TokenKey.of(new Secret(Base64.getEncoder().encodeToString(new byte[32])));
        Authorizations authorizations =
                new Authorizations(settings(), new MemoryTokenStore(), key, Clock.systemUTC());
        return new SignsInAtOnce(authorizations, SOMEBODY, server);
    }

    private static OAuthSettings settings() {
        OAuthSettings defaults = OAuthSettings.DEFAULTS;
        return new OAuthSettings(
                defaults.clientName(),
                Optional.of(URI.create("http://localhost:8080")),
                Optional.of(DOCUMENT),
                defaults.requestMax(),
                defaults.signInMax(),
                defaults.refreshAhead(),
                defaults.documentBytesMax(),
                defaults.signInsMax());
    }

    private static Optional<OAuthClient> client(String scenario, JsonNode context) {
        return text(context, "client_id")
                .map(
                        id ->
                                new OAuthClient(
                                        id,
                                        text(context, "client_secret").map(Secret::new),
                                        key(context),
                                        Optional.empty(),
                                        grant(scenario, context)));
    }

    private static Optional<ClientKey> key(JsonNode context) {
        return text(context, "private_key_pem")
                .map(pem -> new Secret(pem.replace("\n", "")))
                .map(
                        pem ->
                                ClientKey.of(
                                        pem,
                                        context.path("signing_algorithm").asText(),
                                        Optional.empty()));
    }

    private static OAuthGrant grant(String scenario, JsonNode context) {
        Optional<Secret> workload = text(context, "valid_jwt").map(Secret::new);
        if (workload.isPresent()) {
            return new OAuthGrant.Vouched((_, _) -> workload.get());
        }
        return scenario.startsWith("auth/client-credentials")
                ? OAuthGrant.OWN_BEHALF
                : OAuthGrant.SIGN_IN;
    }

    private static Optional<String> text(JsonNode json, String field) {
        return Optional.ofNullable(json.path(field).textValue());
    }
}
