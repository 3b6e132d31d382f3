package dev.tandem.observe;

import io.helidon.common.media.type.MediaTypes;
import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.Meter;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.MetricsConfig;
import io.helidon.metrics.api.MetricsFactory;
import io.helidon.metrics.api.Tag;
import io.helidon.metrics.api.Timer;
import io.helidon.metrics.spi.MeterRegistryFormatterProvider;
import io.helidon.metrics.spi.MetersProvider;
import io.helidon.metrics.systemmeters.SystemMetersProvider;
import io.helidon.service.registry.Services;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/// The server's meters, and their text for Prometheus. Safe for use by many threads.
public final class ServerMetrics implements AutoCloseable {
    /// The content type of [#text()].
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /// From an answer out of memory to a long chain of tool calls.
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ofSeconds(120),
        Duration.ofSeconds(300),
        Duration.ofSeconds(600),
    };

    private final MetricsConfig config =
            MetricsConfig.builder().warnOnMultipleRegistries(false).build();
    private final MeterRegistry registry = MeterRegistry.create(config);
    private final MeterRegistryFormatterProvider formatters =
            ServiceLoader.load(MeterRegistryFormatterProvider.class).findFirst().orElseThrow();

    /// @param version of the build
    /// @param uptime since the start of the server
    public ServerMetrics(String version, Supplier<Duration> uptime) {
        gauge(
                "tandem_build_info",
                "Always 1; its labels tell the build.",
                () -> 1,
                "version",
                version,
                "java",
                System.getProperty("java.version", "unknown"));
        gauge(
                "tandem_uptime_seconds",
                "Time since the start of the server.",
                () -> uptime.get().toMillis() / 1_000.0);
        addSystemMeters();
    }

    /// All meters as Prometheus reads them.
    public String text() {
        return formatters
                .formatter(
                        MediaTypes.TEXT_PLAIN,
                        config,
                        registry,
                        Optional.empty(),
                        List.of(),
                        List.of())
                .flatMap(formatter -> formatter.format())
                .map(String::valueOf)
                .orElse("");
    }

    @Override
    public void close() {
        registry.close();
    }

    /// @param labels names and values in turn
    Counter counter(String name, String description, String... labels) {
        return registry.getOrCreate(
                Counter.builder(name).description(description).tags(tags(labels)));
    }

    /// A histogram of seconds.
    Timer timer(String name, String description, String... labels) {
        return registry.getOrCreate(
                Timer.builder(name)
                        .description(description)
                        .percentiles(new double[0])
                        .buckets(BUCKETS)
                        .tags(tags(labels)));
    }

    /// A number that is asked for whenever the text is made.
    public <N extends Number> void gauge(
            String name, String description, Supplier<N> value, String... labels) {
        registry.getOrCreate(
                Gauge.builder(name, value).description(description).tags(tags(labels)));
    }

    /// Memory, threads, processor and garbage collection, by Helidon's names. Its meters of virtual
    /// threads stay out: they keep a flight recording running.
    private void addSystemMeters() {
        MetricsFactory factory = Services.get(MetricsFactory.class);
        for (MetersProvider provider : ServiceLoader.load(MetersProvider.class)) {
            if (provider instanceof SystemMetersProvider) {
                provider.meterBuilders(factory).forEach(this::add);
            }
        }
    }

    /// The list of builders has lost what each of them builds.
    @SuppressWarnings({"rawtypes", "unchecked"})
    private void add(Meter.Builder builder) {
        registry.getOrCreate(builder);
    }

    private static List<Tag> tags(String... labels) {
        List<Tag> tags = new ArrayList<>();
        for (int i = 0; i < labels.length; i += 2) {
            tags.add(Tag.create(labels[i], labels[i + 1]));
        }
        return tags;
    }
}
