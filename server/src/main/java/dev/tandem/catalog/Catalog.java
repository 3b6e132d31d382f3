package dev.tandem.catalog;

import dev.tandem.catalog.Model.Capability;
import dev.tandem.failure.Failure;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The models that this server can be asked for: those that it knows and whose provider is
/// configured. Does not change while the server runs.
public final class Catalog {
    /// The id of the embedded model, and the name of its provider.
    public static final String LOCAL = "local";

    /// How a provider's models are told that the catalogue does not know.
    private static final Map<String, List<String>> PREFIXES =
            Map.of(
                    "anthropic", List.of("claude-"),
                    "openai", List.of("gpt-", "chatgpt-", "o1", "o3", "o4"),
                    "google", List.of("gemini-", "gemma-"),
                    "deepseek", List.of("deepseek-"));

    /// The most tokens of an answer that every model still on offer can give.
    private static final long UNKNOWN_ANSWER_TOKENS_MAX = 32_000;

    private final Set<String> providers;
    private final Optional<String> standard;
    private final List<Model> models;
    private final Map<String, Model> byName;

    /// Names of known models whose provider is missing, for the message.
    private final Map<String, Model> missing;

    private Catalog(Set<String> providers, List<Model> all, Optional<String> standard) {
        this.standard = standard;
        this.providers = Set.copyOf(providers);
        this.models = all.stream().filter(model -> providers.contains(model.provider())).toList();
        this.byName = named(models);
        this.missing = named(all);
    }

    /// The product's models of some providers.
    ///
    /// @param providers the names of the configured providers
    public static Catalog of(Set<String> providers) {
        return of(providers, List.of(), Optional.empty());
    }

    /// The product's models of some providers, and more.
    ///
    /// @param more models of this server's own; one with the id of another replaces it
    /// @param standard the model of a request that names none
    public static Catalog of(Set<String> providers, List<Model> more, Optional<String> standard) {
        Map<String, Model> all = new LinkedHashMap<>();
        ModelTable.read().forEach(model -> all.put(model.id(), model));
        more.forEach(model -> all.put(model.id(), model));
        return new Catalog(providers, List.copyOf(all.values()), standard);
    }

    /// The models that can be used, in the order of the table.
    public List<Model> models() {
        return models;
    }

    /// The model of a request that names none.
    public Optional<Model> byDefault() {
        return standard.map(byName::get);
    }

    /// A model of the catalogue, by its id or an alias.
    public Optional<Model> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /// Finds a model: by its id or an alias; as `provider/name`; by the prefix of a provider's
    /// names. The last two may name models that the catalogue does not know; those are passed on
    /// unchecked and have no price.
    ///
    /// @throws Failure NOT_FOUND, naming the parameter `model`
    public Model resolve(String name) {
        return Optional.ofNullable(byName.get(name))
                .or(() -> qualified(name))
                .or(() -> prefixed(name))
                .orElseThrow(() -> Failure.notFound("model", unknown(name)));
    }

    private Optional<Model> qualified(String name) {
        int slash = name.indexOf('/');
        if (slash < 1 || slash == name.length() - 1) {
            return Optional.empty();
        }
        String provider = name.substring(0, slash);
        String rest = name.substring(slash + 1);
        if (!providers.contains(provider)) {
            return Optional.empty();
        }
        return Optional.of(
                Optional.ofNullable(byName.get(rest))
                        .filter(model -> model.provider().equals(provider))
                        .orElseGet(() -> unchecked(name, provider, rest)));
    }

    private Optional<Model> prefixed(String name) {
        return PREFIXES.entrySet().stream()
                .filter(entry -> providers.contains(entry.getKey()))
                .filter(entry -> entry.getValue().stream().anyMatch(name::startsWith))
                .map(entry -> unchecked(name, entry.getKey(), name))
                .findFirst();
    }

    private String unknown(String name) {
        Model known = missing.get(name);
        return known == null
                ? "there is no model " + name + "; GET /v1/models lists those there are"
                : "the model "
                        + name
                        + " needs the provider "
                        + known.provider()
                        + ", which is not configured";
    }

    private static Model unchecked(String id, String provider, String upstreamName) {
        return new Model(
                id,
                provider,
                upstreamName,
                upstreamName,
                "",
                0,
                UNKNOWN_ANSWER_TOKENS_MAX,
                Set.of(Capability.TOOLS),
                List.of(),
                Optional.empty());
    }

    private static Map<String, Model> named(List<Model> models) {
        Map<String, Model> names = new HashMap<>();
        models.forEach(model -> model.aliases().forEach(alias -> names.put(alias, model)));
        models.forEach(model -> names.put(model.id(), model));
        return names;
    }
}
