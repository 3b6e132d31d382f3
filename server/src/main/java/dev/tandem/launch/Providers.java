package dev.tandem.launch;

import dev.tandem.catalog.Catalog;
import dev.tandem.provider.Provider;
import dev.tandem.provider.anthropic.AnthropicProvider;
import dev.tandem.provider.http.UpstreamClient;
import dev.tandem.provider.local.LocalProvider;
import dev.tandem.provider.scripted.Pause;
import dev.tandem.provider.scripted.ScriptedObserver;
import dev.tandem.provider.scripted.ScriptedProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The providers that are configured, and what they hold open.
final class Providers implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    private final Map<String, Provider> byName = new LinkedHashMap<>();
    private final List<Runnable> closers = new ArrayList<>();

    Providers(ServerSettings settings) {
        settings.anthropic()
                .ifPresent(
                        anthropic -> {
                            UpstreamClient client = new UpstreamClient(CONNECT_LIMIT);
                            closers.add(client::close);
                            add(new AnthropicProvider(anthropic, client));
                        });
        settings.local()
                .ifPresent(
                        local -> {
                            LocalProvider provider = new LocalProvider(local);
                            closers.add(provider::close);
                            add(provider);
                        });
        settings.scripted()
                .ifPresent(
                        pace ->
                                add(
                                        new ScriptedProvider(
                                                Map.of(),
                                                pace,
                                                Pause.REAL,
                                                ScriptedObserver.NONE)));
    }

    private void add(Provider provider) {
        byName.put(provider.name(), provider);
    }

    Map<String, Provider> byName() {
        return byName;
    }

    /// Their models. The embedded one answers where a request names none, unless another provider
    /// is there, which somebody pays for: then nothing is chosen for them.
    Catalog catalog(ServerSettings settings) {
        boolean free = settings.anthropic().isEmpty();
        return Catalog.of(
                byName.keySet(), List.of(), free ? Optional.of(Catalog.LOCAL) : Optional.empty());
    }

    @Override
    public void close() {
        closers.forEach(Runnable::run);
    }
}
