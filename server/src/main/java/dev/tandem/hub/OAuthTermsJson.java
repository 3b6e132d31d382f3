package dev.tandem.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.hub.OAuthTerms.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How to come by tokens, as Claude Code writes it: `oauth` of a server, with `clientId` and
/// `scopes`. It keeps the secret elsewhere; here it is `clientSecret`. What is not known is passed
/// over.
final class OAuthTermsJson {
    private OAuthTermsJson() {}

    static void write(OAuthTerms terms, ObjectNode json) {
        terms.clientId().ifPresent(id -> json.put("clientId", id));
        terms.clientSecret().ifPresent(secret -> json.put("clientSecret", secret));
        json.put("scopes", String.join(" ", terms.scopes()));
        json.put("grant", word(terms.way()));
    }

    /// @throws IllegalArgumentException saying what is wrong, without values
    static OAuthTerms read(JsonNode json) {
        if (!json.isObject()) {
            return OAuthTerms.NONE;
        }
        return new OAuthTerms(
                DeclarationJson.text(json, "clientId"),
                DeclarationJson.text(json, "clientSecret"),
                scopes(json.path("scopes")),
                DeclarationJson.text(json, "grant")
                        .map(OAuthTermsJson::way)
                        .orElse(Way.AUTHORIZATION_CODE));
    }

    /// One text with spaces, or a list.
    private static List<String> scopes(JsonNode json) {
        List<String> scopes = new ArrayList<>();
        List<JsonNode> texts = new ArrayList<>();
        json.forEach(texts::add);
        if (json.isTextual()) {
            texts.add(json);
        }
        for (JsonNode text : texts) {
            if (!text.isTextual()) {
                throw new IllegalArgumentException("oauth: scopes must be a text, or a list");
            }
            scopes.addAll(List.of(text.asText().strip().split("\\s+")));
        }
        scopes.removeIf(String::isEmpty);
        return scopes;
    }

    private static Way way(String word) {
        return Optional.of(word)
                .flatMap(
                        wanted ->
                                List.of(Way.values()).stream()
                                        .filter(way -> word(way).equals(wanted))
                                        .findFirst())
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "oauth: grant must be authorization_code or"
                                                + " client_credentials"));
    }

    private static String word(Way way) {
        return way.name().toLowerCase(Locale.ROOT);
    }
}
