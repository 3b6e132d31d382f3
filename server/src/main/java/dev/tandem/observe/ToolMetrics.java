package dev.tandem.observe;

import dev.tandem.toolbox.CallOutcome;
import dev.tandem.toolbox.ToolObserver;
import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Counts calls of tools, and what they took.
public final class ToolMetrics implements ToolObserver {
    private static final int SERVERS_MAX = 100;

    private final ServerMetrics metrics;
    private final BoundedLabel servers = new BoundedLabel(SERVERS_MAX);
    private final Map<Series, Counter> calls = new ConcurrentHashMap<>();
    private final Map<String, Timer> times = new ConcurrentHashMap<>();

    private record Series(String server, CallOutcome.Status status) {}

    public ToolMetrics(ServerMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void ended(String server, CallOutcome.Status status, Duration took) {
        String label = servers.of(server);
        calls.computeIfAbsent(new Series(label, status), this::counter).increment();
        if (status == CallOutcome.Status.SUCCEEDED || status == CallOutcome.Status.FAILED) {
            times.computeIfAbsent(label, this::timer).record(took);
        }
    }

    private Counter counter(Series series) {
        return metrics.counter(
                "tandem_tool_calls_total",
                "Calls of tools that have ended.",
                "server",
                series.server(),
                "outcome",
                series.status().name().toLowerCase(Locale.ROOT));
    }

    private Timer timer(String server) {
        return metrics.timer(
                "tandem_tool_call_seconds",
                "How long servers of tools take to answer.",
                "server",
                server);
    }
}
