package dev.tandem.mcp.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a token allows, in the order it was named.
record Scopes(Set<String> names) {
    static final Scopes NONE = new Scopes(Set.of());

    Scopes {
        names = Collections.unmodifiableSet(new LinkedHashSet<>(names));
    }

    /// Reads a list with spaces.
    static Scopes of(String text) {
        return of(List.of(text.strip().split("\\s+")));
    }

    static Scopes of(Collection<String> names) {
        Set<String> scopes = new LinkedHashSet<>(names);
        scopes.remove("");
        return new Scopes(scopes);
    }

    /// Reads an array of texts; empty where it is none.
    static Optional<Scopes> of(JsonNode array) {
        if (!array.isArray()) {
            return Optional.empty();
        }
        Set<String> names = new LinkedHashSet<>();
        array.forEach(name -> names.add(name.asText()));
        return Optional.of(of(names));
    }

    Scopes and(Scopes more) {
        Set<String> all = new LinkedHashSet<>(names);
        all.addAll(more.names);
        return new Scopes(all);
    }

    boolean cover(Scopes others) {
        return names.containsAll(others.names);
    }

    boolean has(String name) {
        return names.contains(name);
    }

    boolean isEmpty() {
        return names.isEmpty();
    }

    /// With spaces between, as OAuth writes them.
    String text() {
        return String.join(" ", names);
    }
}
