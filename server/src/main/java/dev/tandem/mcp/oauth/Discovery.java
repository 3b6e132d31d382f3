package dev.tandem.mcp.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.net.URI;
import java.util.Optional;

/// Finds out who decides about an MCP server.
final class Discovery {
    private final OAuthHttp http;
    private final Reach.Names names;

    Discovery(OAuthHttp http, Reach.Names names) {
        this.http = http;
        this.names = names;
    }

    Reach reach(OAuthServer server) {
        return Reach.of(server.url(), names);
    }

    /// What the server demands of somebody whom it does not know.
    Challenge ask(OAuthServer server) throws InterruptedException {
        return Challenge.of(http.challenge(server.url(), reach(server)));
    }

    /// @throws Failure UPSTREAM_ERROR where a document is missing or wrong; UPSTREAM_UNAVAILABLE
    ///     or UPSTREAM_TIMEOUT where a server does not answer
    Authority find(OAuthServer server, Challenge challenge) throws InterruptedException {
        Reach reach = reach(server);
        Optional<ResourceMetadata> found = resource(server.url(), challenge, reach);
        if (found.isEmpty()) {
            return before2025June(server, reach);
        }
        ResourceMetadata resource = found.get();
        String issuer = resource.issuer(server.url(), server.client().flatMap(OAuthClient::issuer));
        ServerMetadata metadata =
                metadata(issuer, reach)
                        .orElseThrow(
                                () ->
                                        new Failure(
                                                FailureCode.UPSTREAM_ERROR,
                                                "The authorization server "
                                                        + issuer
                                                        + " publishes no metadata."));
        return new Authority(resource.resource(), resource.scopes(), metadata, reach);
    }

    private Optional<ResourceMetadata> resource(URI server, Challenge challenge, Reach reach)
            throws InterruptedException {
        for (URI place : ResourceMetadata.places(server, challenge)) {
            Optional<JsonNode> document = http.document(place, reach);
            if (document.isPresent()) {
                return Optional.of(ResourceMetadata.of(document.get(), place, server));
            }
        }
        return Optional.empty();
    }

    private Optional<ServerMetadata> metadata(String issuer, Reach reach)
            throws InterruptedException {
        for (URI place : ServerMetadata.places(issuer(issuer))) {
            Optional<JsonNode> document = http.document(place, reach);
            if (document.isPresent()) {
                return Optional.of(ServerMetadata.of(document.get(), place, issuer));
            }
        }
        return Optional.empty();
    }

    private static URI issuer(String issuer) {
        try {
            URI uri = URI.create(issuer);
            if (Urls.isSecure(uri)) {
                return uri;
            }
        } catch (IllegalArgumentException noUrl) {
            // told below
        }
        throw new Failure(
                FailureCode.UPSTREAM_ERROR,
                "The MCP server names an authorization server that is no https URL.");
    }

    /// The MCP server is its own authorization server, as MCP had it until 2025-03-26. Nobody has
    /// said then what its issuer is called, so any name of its own origin is right.
    private Authority before2025June(OAuthServer server, Reach reach) throws InterruptedException {
        String origin = Urls.origin(server.url());
        ServerMetadata metadata = ServerMetadata.usual(origin);
        for (URI place : ServerMetadata.places(URI.create(origin))) {
            Optional<JsonNode> document = http.document(place, reach);
            if (document.isPresent()) {
                String named = OAuthHttp.text(document.get(), "issuer").orElse("");
                String issuer = Urls.origin(issuer(named)).equals(origin) ? named : origin;
                metadata = ServerMetadata.of(document.get(), place, issuer);
                break;
            }
        }
        Optional<String> known = server.client().flatMap(OAuthClient::issuer);
        if (known.isPresent() && !known.get().equals(metadata.issuer())) {
            throw OAuthHttp.broken(
                    server.url(), " does not name " + known.get() + " as authorization server");
        }
        return new Authority(Urls.canonical(server.url()), Scopes.NONE, metadata, reach);
    }
}
