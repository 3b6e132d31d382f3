package dev.tandem.observe;

import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Counts calls, and how long they and their first answers took.
public final class CallMetrics implements CallObserver {
    private static final int METHODS_MAX = 200;

    private final ServerMetrics metrics;
    private final BoundedLabel methods = new BoundedLabel(METHODS_MAX);
    private final Map<Series, Counter> requests = new ConcurrentHashMap<>();
    private final Map<Timed, Timers> timers = new ConcurrentHashMap<>();

    private record Series(String wire, String method, String outcome) {}

    private record Timed(String wire, String method) {}

    private record Timers(Timer whole, Timer first) {}

    public CallMetrics(ServerMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void ended(CallEnd call) {
        String method = methods.of(call.method());
        Series series = new Series(call.wire(), method, call.outcome());
        requests.computeIfAbsent(series, this::counter).increment();
        Timers timed = timers.computeIfAbsent(new Timed(call.wire(), method), this::timers);
        timed.whole().record(call.took());
        call.toFirst().ifPresent(timed.first()::record);
    }

    private Counter counter(Series series) {
        return metrics.counter(
                "tandem_requests_total",
                "Calls that have ended, by their outcome: ok, or the code of a failure.",
                "wire",
                series.wire(),
                "method",
                series.method(),
                "outcome",
                series.outcome());
    }

    private Timers timers(Timed timed) {
        return new Timers(
                metrics.timer(
                        "tandem_request_seconds",
                        "Time from a call's begin to its end.",
                        "wire",
                        timed.wire(),
                        "method",
                        timed.method()),
                metrics.timer(
                        "tandem_request_first_seconds",
                        "Time from a call's begin to its first answer.",
                        "wire",
                        timed.wire(),
                        "method",
                        timed.method()));
    }
}
