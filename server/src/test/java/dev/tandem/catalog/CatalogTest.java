package dev.tandem.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.catalog.Model.Capability;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CatalogTest {
    private final Catalog claude = Catalog.of(Set.of("anthropic", "local"));

    @ParameterizedTest
    @CsvSource({
        "claude-sonnet-5-5, claude-sonnet-5-5, anthropic, claude-sonnet-5-5, true",
        "sonnet, claude-sonnet-5-5, anthropic, claude-sonnet-5-5, true",
        "opus, claude-opus-5-5, anthropic, claude-opus-5-5, true",
        "haiku, claude-haiku-5-5, anthropic, claude-haiku-5-5, true",
        "fable, claude-fable-5-2, anthropic, claude-fable-5-2, true",
        "anthropic/claude-opus-4-8, claude-opus-4-8, anthropic, claude-opus-4-8, true",
        "anthropic/sonnet, claude-sonnet-5-5, anthropic, claude-sonnet-5-5, true",
        "anthropic/in-a-proxy/x:1, anthropic/in-a-proxy/x:1, anthropic, in-a-proxy/x:1, false",
        "claude-opus-9, claude-opus-9, anthropic, claude-opus-9, false",
        "local, local, local, local, true",
        "local/other, local/other, local, other, false"
    })
    void findsAModelByTheNamesThatItHas(
            String name, String id, String provider, String upstream, boolean priced) {
        Model model = claude.resolve(name);

        assertEquals(id, model.id());
        assertEquals(provider, model.provider());
        assertEquals(upstream, model.upstreamName());
        assertEquals(priced, model.price().isPresent());
    }

    @ParameterizedTest
    @CsvSource({"gpt-6-sol", "openai/gpt-6-sol", "Claude", "nonsense", "/x", "anthropic/", "''"})
    void doesNotFindOthers(String name) {
        Failure failure = assertThrows(Failure.class, () -> claude.resolve(name));

        assertEquals(FailureCode.NOT_FOUND, failure.code());
        assertEquals("model", failure.param().orElseThrow());
    }

    @Test
    void saysWhichProviderAModelNeeds() {
        Failure failure = assertThrows(Failure.class, () -> claude.resolve("gpt-6-sol"));

        assertEquals(
                "the model gpt-6-sol needs the provider openai, which is not configured",
                failure.text());
        assertThrows(Failure.class, () -> Catalog.of(Set.of("local")).resolve("claude-sonnet-5-5"));
    }

    @Test
    void listsModelsOfConfiguredProvidersOnly() {
        assertEquals(19, claude.models().size());
        assertTrue(
                claude.models().stream()
                        .allMatch(
                                model -> Set.of("anthropic", "local").contains(model.provider())));
        assertEquals(List.of("local"), ids(Catalog.of(Set.of("local"))));
        assertEquals(List.of(), ids(Catalog.of(Set.of())));
    }

    @Test
    void aRequestThatNamesNoModelGetsTheOneThatTheServerChose() {
        Catalog chosen = Catalog.of(Set.of("local"), List.of(), Optional.of("local"));

        assertEquals(Optional.of("local"), chosen.byDefault().map(Model::id));
        assertEquals(Optional.empty(), claude.byDefault());
    }

    @Test
    void aServersOwnModelReplacesTheTables() {
        Model own =
                new Model(
                        "local",
                        "local",
                        "qwen",
                        "Qwen",
                        "",
                        8192,
                        2048,
                        Set.of(),
                        List.of("qwen"),
                        Optional.empty());

        Catalog catalog = Catalog.of(Set.of("local"), List.of(own), Optional.empty());

        assertEquals(own, catalog.resolve("local"));
        assertEquals(own, catalog.resolve("qwen"));
        assertEquals(List.of("local"), ids(catalog));
    }

    @Test
    void everyNameOfTheTableIsUnique() {
        Set<String> names = new HashSet<>();
        for (Model model : ModelTable.read()) {
            assertTrue(names.add(model.id()), model.id());
            model.aliases().forEach(alias -> assertTrue(names.add(alias), alias));
        }
        assertEquals(88 + 4, names.size());
    }

    @Test
    void knowsWhatClaudeCanDo() {
        Model sonnet = claude.resolve("sonnet");

        assertEquals("Claude Sonnet 5.5", sonnet.name());
        assertEquals(1_000_000, sonnet.contextTokens());
        assertEquals(128_000, sonnet.answerTokensMax());
        assertTrue(sonnet.can(Capability.TOOLS));
        assertTrue(sonnet.can(Capability.VISION));
        assertTrue(sonnet.can(Capability.REASONING));
        assertFalse(claude.resolve("local").can(Capability.VISION));
    }

    private static List<String> ids(Catalog catalog) {
        return catalog.models().stream().map(Model::id).toList();
    }
}
