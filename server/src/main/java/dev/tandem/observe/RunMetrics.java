package dev.tandem.observe;

import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Counts runs, what they took, and the tokens and pieces of text that went through them.
public final class RunMetrics implements RunObserver {
    private static final int MODELS_MAX = 100;

    private final ServerMetrics metrics;
    private final BoundedLabel models = new BoundedLabel(MODELS_MAX);
    private final Map<String, ProviderMeters> providers = new ConcurrentHashMap<>();
    private final Map<ModelKey, ModelMeters> byModel = new ConcurrentHashMap<>();
    private final Map<Series, Counter> runs = new ConcurrentHashMap<>();

    private record Series(String provider, String model, String outcome) {}

    private record ModelKey(String provider, String model) {}

    private record ModelMeters(Counter deltas, Counter input, Counter output) {}

    private record ProviderMeters(AtomicLong active, Timer whole, Timer first) {}

    public RunMetrics(ServerMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void began(String provider) {
        provider(provider).active().incrementAndGet();
    }

    @Override
    public void ended(RunEnd run) {
        String model = models.of(run.model());
        runs.computeIfAbsent(new Series(run.provider(), model, run.outcome()), this::runs)
                .increment();
        ProviderMeters provider = provider(run.provider());
        provider.active().decrementAndGet();
        provider.whole().record(run.took());
        run.toFirstOutput().ifPresent(provider.first()::record);
        ModelMeters meters =
                byModel.computeIfAbsent(new ModelKey(run.provider(), model), this::meters);
        meters.deltas().increment(run.outputs());
        meters.input().increment(run.inputTokens());
        meters.output().increment(run.outputTokens());
    }

    private ProviderMeters provider(String name) {
        return providers.computeIfAbsent(name, this::providerMeters);
    }

    private Counter runs(Series series) {
        return metrics.counter(
                "tandem_runs_total",
                "Runs that have ended, by their last state.",
                "provider",
                series.provider(),
                "model",
                series.model(),
                "outcome",
                series.outcome());
    }

    private ProviderMeters providerMeters(String provider) {
        AtomicLong active = new AtomicLong();
        metrics.gauge("tandem_runs_active", "Runs in progress.", active::get, "provider", provider);
        return new ProviderMeters(
                active,
                metrics.timer(
                        "tandem_run_seconds",
                        "Time from a run's begin to its end.",
                        "provider",
                        provider),
                metrics.timer(
                        "tandem_run_first_output_seconds",
                        "Time from a run's begin to the first piece of its answer.",
                        "provider",
                        provider));
    }

    private ModelMeters meters(ModelKey key) {
        return new ModelMeters(
                metrics.counter(
                        "tandem_deltas_total",
                        "Pieces of answers that providers sent.",
                        "provider",
                        key.provider(),
                        "model",
                        key.model()),
                tokens(key, "input"),
                tokens(key, "output"));
    }

    private Counter tokens(ModelKey key, String kind) {
        return metrics.counter(
                "tandem_tokens_total",
                "Tokens used; input counts cached ones, too.",
                "provider",
                key.provider(),
                "model",
                key.model(),
                "kind",
                kind);
    }
}
