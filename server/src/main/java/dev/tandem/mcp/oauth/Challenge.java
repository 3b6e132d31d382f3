package dev.tandem.mcp.oauth;

import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a server demands (RFC 6750, RFC 9728), from the header `WWW-Authenticate`.
///
/// @param metadata where it describes itself
/// @param scopes what the request needs; empty where it does not say
/// @param error such as `insufficient_scope`
record Challenge(Optional<URI> metadata, Scopes scopes, Optional<String> error) {
    static final Challenge NONE = new Challenge(Optional.empty(), Scopes.NONE, Optional.empty());

    private static final int TEXT_MAX = 8 * 1024;

    /// A scheme, or the name of a parameter with its value, which may be quoted.
    private static final Pattern PIECE =
            Pattern.compile(
                    "([\\w!#$%&'*+.^`|~-]++)(?:[ \\t]*+=[ \\t]*+"
                            + "(?:\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"|([^\\s,\"]*+)))?");

    /// Reads the header; what it does not understand it passes over.
    static Challenge of(Optional<String> header) {
        Map<String, String> said = new HashMap<>();
        boolean bearer = false;
        Matcher pieces = PIECE.matcher(header.filter(text -> text.length() <= TEXT_MAX).orElse(""));
        while (pieces.find()) {
            Optional<String> value =
                    Optional.ofNullable(pieces.group(2))
                            .map(quoted -> quoted.replaceAll("\\\\(.)", "$1"))
                            .or(() -> Optional.ofNullable(pieces.group(3)));
            String name = pieces.group(1).toLowerCase(Locale.ROOT);
            if (value.isEmpty()) {
                bearer = name.equals("bearer");
            } else if (bearer) {
                said.putIfAbsent(name, value.get());
            }
        }
        return new Challenge(
                Optional.ofNullable(said.get("resource_metadata")).flatMap(Challenge::uri),
                Scopes.of(said.getOrDefault("scope", "")),
                Optional.ofNullable(said.get("error")));
    }

    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(URI.create(text)).filter(URI::isAbsolute);
        } catch (IllegalArgumentException noUrl) {
            return Optional.empty();
        }
    }
}
