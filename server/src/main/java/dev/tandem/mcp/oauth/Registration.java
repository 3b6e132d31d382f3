package dev.tandem.mcp.oauth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.secret.Secret;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Finds the client to be at an authorization server, in the order that MCP wants: the operator's,
/// this server's own document, one that was registered before, one that is registered now.
final class Registration {
    private final OAuthHttp http;
    private final OAuthSettings settings;
    private final Clock clock;

    Registration(OAuthHttp http, OAuthSettings settings, Clock clock) {
        this.http = http;
        this.settings = settings;
        this.clock = clock;
    }

    /// @param before the one that was registered before
    /// @throws Failure UPSTREAM_ERROR where there is no way to become a client, with the remedy
    RegisteredClient client(
            OAuthServer server, Authority authority, URI back, Optional<RegisteredClient> before)
            throws InterruptedException {
        ServerMetadata metadata = authority.server();
        if (server.client().isPresent()) {
            return operators(server.client().get(), metadata, back);
        }
        if (metadata.readsClientDocuments() && settings.clientMetadataUrl().isPresent()) {
            String id = settings.clientMetadataUrl().get().toString();
            return new RegisteredClient(
                    metadata.issuer(),
                    id,
                    Optional.empty(),
                    AuthMethod.NONE,
                    back,
                    Optional.empty());
        }
        Optional<RegisteredClient> known =
                before.filter(client -> client.serves(metadata.issuer(), back, clock.instant()));
        return known.isPresent() ? known.get() : register(server, authority, back);
    }

    /// The client that the operator registered, as the token endpoint wants to see it.
    static RegisteredClient operators(OAuthClient client, ServerMetadata metadata, URI back) {
        return new RegisteredClient(
                metadata.issuer(),
                client.id(),
                client.secret(),
                AuthMethod.choose(
                        metadata.methods(), client.secret().isPresent(), client.key().isPresent()),
                back,
                Optional.empty());
    }

    private RegisteredClient register(OAuthServer server, Authority authority, URI back)
            throws InterruptedException {
        ServerMetadata metadata = authority.server();
        URI endpoint =
                metadata.register()
                        .orElseThrow(
                                () ->
                                        new Failure(
                                                FailureCode.UPSTREAM_ERROR,
                                                "The authorization server "
                                                        + metadata.issuer()
                                                        + " registers nobody by itself; register"
                                                        + " a client there by hand and set its id"
                                                        + " for the MCP server "
                                                        + server.id()
                                                        + "."));
        OAuthHttp.Answer answer =
                http.post(
                        endpoint,
                        authority.reach(),
                        "application/json",
                        request(metadata, back).toString(),
                        Optional.empty());
        return registered(answer, metadata, back);
    }

    private ObjectNode request(ServerMetadata metadata, URI back) {
        ObjectNode request = ClientDocument.of(settings.clientName(), back, metadata.refreshes());
        boolean here = Urls.isThisMachine(back.getHost());
        return request.put("application_type", here ? "native" : "web")
                .put("token_endpoint_auth_method", wanted(metadata.methods()).word());
    }

    /// A server can keep a secret, so it takes one where it can.
    private static AuthMethod wanted(List<String> known) {
        return List.of(AuthMethod.BASIC, AuthMethod.POST).stream()
                .filter(method -> known.contains(method.word()))
                .findFirst()
                .orElse(
                        known.contains(AuthMethod.NONE.word())
                                ? AuthMethod.NONE
                                : AuthMethod.BASIC);
    }

    private static RegisteredClient registered(
            OAuthHttp.Answer answer, ServerMetadata metadata, URI back) {
        Optional<String> id = answer.isFine() ? answer.text("client_id") : Optional.empty();
        if (id.isEmpty()) {
            throw new Failure(
                    FailureCode.UPSTREAM_ERROR,
                    "The authorization server "
                            + metadata.issuer()
                            + " does not register us for "
                            + Urls.shown(back)
                            + ": "
                            + TokenAnswer.Denied.of(answer, List.of()).text()
                            + ".");
        }
        Optional<Secret> secret = OAuthHttp.secret(answer.json(), "client_secret");
        long expires = answer.json().path("client_secret_expires_at").asLong();
        return new RegisteredClient(
                metadata.issuer(),
                id.get(),
                secret,
                method(answer, metadata, secret.isPresent()),
                back,
                expires > 0 ? Optional.of(Instant.ofEpochSecond(expires)) : Optional.empty());
    }

    /// What the server says of the client counts, where the client has what it takes.
    private static AuthMethod method(
            OAuthHttp.Answer answer, ServerMetadata metadata, boolean secret) {
        return answer.text("token_endpoint_auth_method")
                .flatMap(AuthMethod::of)
                .filter(
                        method ->
                                switch (method) {
                                    case NONE -> true;
                                    case BASIC, POST -> secret;
                                    case SIGNED -> false;
                                })
                .orElseGet(() -> AuthMethod.choose(metadata.methods(), secret, false));
    }
}
