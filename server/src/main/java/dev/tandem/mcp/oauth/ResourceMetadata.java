package dev.tandem.mcp.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.failure.Failure;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What an MCP server says of itself (RFC 9728).
///
/// @param resource the name that tokens for it are issued to
/// @param issuers authorization servers that it trusts
/// @param scopes what is needed to use it at all; empty where it does not say
record ResourceMetadata(String resource, List<String> issuers, Scopes scopes) {
    private static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";

    ResourceMetadata {
        issuers = List.copyOf(issuers);
    }

    /// Where it may stand, the likeliest first.
    static List<URI> places(URI server, Challenge challenge) {
        List<URI> places = new ArrayList<>(challenge.metadata().stream().toList());
        String origin = Urls.origin(server);
        String path = Urls.path(server).replaceAll("/+$", "");
        if (!path.isEmpty()) {
            places.add(URI.create(origin + WELL_KNOWN + path));
        }
        places.add(URI.create(origin + WELL_KNOWN));
        return places.stream().distinct().toList();
    }

    /// Reads a document.
    ///
    /// @param from where it was
    /// @throws Failure UPSTREAM_ERROR where it is of another server
    static ResourceMetadata of(JsonNode json, URI from, URI server) {
        String resource = OAuthHttp.text(json, "resource").orElse("");
        if (!isOf(resource, server)) {
            throw OAuthHttp.broken(from, " describes another server than " + Urls.shown(server));
        }
        List<String> issuers = new ArrayList<>();
        json.path("authorization_servers").forEach(issuer -> issuers.add(issuer.asText()));
        Scopes scopes = Scopes.of(json.path("scopes_supported")).orElse(Scopes.NONE);
        return new ResourceMetadata(resource, issuers, scopes);
    }

    private static boolean isOf(String resource, URI server) {
        try {
            return Urls.covers(URI.create(resource), server);
        } catch (IllegalArgumentException noUrl) {
            return false;
        }
    }

    /// The authorization server to use.
    ///
    /// @param known the one that the operator's client is registered with
    /// @throws Failure UPSTREAM_ERROR where that is not trusted any more
    String issuer(URI server, Optional<String> known) {
        if (known.isPresent()) {
            if (!issuers.contains(known.get())) {
                throw OAuthHttp.broken(
                        server,
                        " does not trust the authorization server "
                                + known.get()
                                + ", which its client is registered with; register one anew");
            }
            return known.get();
        }
        return issuers.isEmpty() ? Urls.origin(server) : issuers.getFirst();
    }
}
