package dev.tandem.mcp.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.secret.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Buys tokens, and gives them back.
final class TokenEndpoint {
    private static final String FORM = "application/x-www-form-urlencoded";

    private final OAuthHttp http;
    private final RandomText random;
    private final Clock clock;

    TokenEndpoint(OAuthHttp http, RandomText random, Clock clock) {
        this.http = http;
        this.random = random;
        this.clock = clock;
    }

    /// A client and what it signs with.
    record Party(RegisteredClient client, Optional<ClientKey> key, Reach reach) {}

    /// Buys tokens.
    ///
    /// @param open what anybody may see of the request
    /// @param secret what nobody may
    /// @param asked what they allow where the answer does not say
    TokenAnswer buy(
            URI endpoint,
            Party party,
            Map<String, String> open,
            Map<String, Secret> secret,
            Scopes asked)
            throws InterruptedException {
        OAuthHttp.Answer answer = post(endpoint, party, open, secret);
        if (!answer.isFine() || answer.text("error").isPresent()) {
            return TokenAnswer.Denied.of(answer, secrets(party, secret));
        }
        return new TokenAnswer.Granted(tokens(answer.json(), endpoint, asked));
    }

    /// Gives a token back (RFC 7009).
    ///
    /// @throws Failure where it is not taken
    void revoke(URI endpoint, Party party, String kind, Secret token) throws InterruptedException {
        OAuthHttp.Answer answer =
                post(endpoint, party, Map.of("token_type_hint", kind), Map.of("token", token));
        if (!answer.isFine()) {
            throw OAuthHttp.broken(endpoint, " does not take a token back");
        }
    }

    private OAuthHttp.Answer post(
            URI endpoint, Party party, Map<String, String> open, Map<String, Secret> secret)
            throws InterruptedException {
        Map<String, String> form = new LinkedHashMap<>(open);
        secret.forEach((name, value) -> form.put(name, value.reveal()));
        RegisteredClient client = party.client();
        Optional<String> authorization = Optional.empty();
        switch (client.method()) {
            case NONE -> form.put("client_id", client.id());
            case BASIC -> authorization = Optional.of(basic(client));
            case POST -> {
                form.put("client_id", client.id());
                client.secret().ifPresent(word -> form.put("client_secret", word.reveal()));
            }
            case SIGNED -> form.putAll(signed(party));
        }
        return http.post(endpoint, party.reach(), FORM, Urls.form(form), authorization);
    }

    private static String basic(RegisteredClient client) {
        return "Basic " + pair(client);
    }

    private static String pair(RegisteredClient client) {
        String secret = client.secret().map(Secret::reveal).orElse("");
        String pair = Urls.encoded(client.id()) + ":" + Urls.encoded(secret);
        return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
    }

    private Map<String, String> signed(Party party) {
        RegisteredClient client = party.client();
        ClientKey key =
                party.key()
                        .orElseThrow(
                                () ->
                                        new Failure(
                                                FailureCode.CONFLICT,
                                                "The client "
                                                        + client.id()
                                                        + " signs, and its key is not set."));
        Secret assertion =
                ClientAssertion.signed(
                        key, client.id(), client.issuer(), random.next(), clock.instant());
        return Map.of(
                "client_assertion_type",
                ClientAssertion.TYPE,
                "client_assertion",
                assertion.reveal());
    }

    private static List<Secret> secrets(Party party, Map<String, Secret> secret) {
        Map<String, Secret> all = new HashMap<>(secret);
        party.client().secret().ifPresent(word -> all.put("client_secret", word));
        if (party.client().method() == AuthMethod.BASIC) {
            all.put("basic", new Secret(pair(party.client())));
        }
        return List.copyOf(all.values());
    }

    private Tokens tokens(JsonNode json, URI endpoint, Scopes asked) {
        String type = OAuthHttp.text(json, "token_type").orElse("");
        String access = OAuthHttp.text(json, "access_token").orElse("");
        if (!type.equalsIgnoreCase("Bearer") || !access.matches("[\\x21-\\x7e]+")) {
            throw OAuthHttp.broken(endpoint, " gives what is no bearer token");
        }
        Instant now = clock.instant();
        JsonNode seconds = json.path("expires_in");
        Optional<Instant> expiresAt =
                seconds.asLong() > 0
                        ? Optional.of(now.plusSeconds(Math.min(seconds.asLong(), 1L << 32)))
                        : Optional.empty();
        return new Tokens(
                new Secret(access),
                OAuthHttp.secret(json, "refresh_token"),
                now,
                expiresAt,
                OAuthHttp.text(json, "scope").map(Scopes::of).orElse(asked));
    }
}
