package dev.tandem.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.observe.CallObserver.CallEnd;
import dev.tandem.observe.RunObserver.RunEnd;
import dev.tandem.toolbox.CallOutcome;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MetricsTest {
    private final ServerMetrics metrics =
            new ServerMetrics("1.2.3", () -> Duration.ofMillis(2_500));

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void tellsTheBuildTheUptimeAndTheMachine() {
        assertEquals(2.5, sample("tandem_uptime_seconds"));
        assertEquals(1, sample("tandem_build_info", "version=\"1.2.3\""));
        assertTrue(sample("memory_usedHeap_bytes") > 0);
    }

    @Test
    void countsAndTimesCalls() {
        CallObserver calls = new CallObservers(new CallMetrics(metrics));
        calls.ended(call("ChatService/GetRun", "ok", Optional.of(Duration.ofMillis(30))));
        calls.ended(call("ChatService/GetRun", "ok", Optional.of(Duration.ofMillis(40))));
        calls.ended(call("ChatService/GetRun", "not_found", Optional.empty()));

        assertEquals(2, sample("tandem_requests_total", "outcome=\"ok\"", "wire=\"grpc\""));
        assertEquals(1, sample("tandem_requests_total", "outcome=\"not_found\""));
        assertEquals(3, sample("tandem_request_seconds_count", "method=\"ChatService/GetRun\""));
        assertEquals(0.6, sample("tandem_request_seconds_sum"), 1e-9);
        assertEquals(0, sample("tandem_request_seconds_bucket", "le=\"0.1\""));
        assertEquals(3, sample("tandem_request_seconds_bucket", "le=\"0.25\""));
        assertEquals(2, sample("tandem_request_first_seconds_count"));
        assertFalse(metrics.text().contains("quantile"));
    }

    @Test
    void countsCallsOfToolsAndTimesThoseThatWereMade() {
        ToolMetrics tools = new ToolMetrics(metrics);
        tools.ended("files", CallOutcome.Status.SUCCEEDED, Duration.ofMillis(30));
        tools.ended("files", CallOutcome.Status.FAILED, Duration.ofMillis(30));
        tools.ended("files", CallOutcome.Status.DENIED, Duration.ZERO);

        assertEquals(1, sample("tandem_tool_calls_total", "outcome=\"succeeded\""));
        assertEquals(1, sample("tandem_tool_calls_total", "outcome=\"denied\""));
        assertEquals(2, sample("tandem_tool_call_seconds_count", "server=\"files\""));
    }

    @Test
    void countsRunsAndWhatWentThroughThem() {
        RunObserver runs = new RunObservers(new RunMetrics(metrics));
        runs.began("anthropic");
        runs.began("anthropic");
        runs.ended(run("claude"));

        assertEquals(1, sample("tandem_runs_active", "provider=\"anthropic\""));
        assertEquals(1, sample("tandem_runs_total", "outcome=\"completed\"", "model=\"claude\""));
        assertEquals(1, sample("tandem_run_first_output_seconds_count"));
        assertEquals(1, sample("tandem_run_seconds_count"));
        assertEquals(7, sample("tandem_deltas_total"));
        assertEquals(100, sample("tandem_tokens_total", "kind=\"input\""));
        assertEquals(20, sample("tandem_tokens_total", "kind=\"output\""));
    }

    @Test
    void callersCannotMakeSeriesWithoutBound() {
        RunObserver runs = new RunMetrics(metrics);
        for (int i = 0; i < 150; i++) {
            runs.ended(run("model-" + i));
        }

        assertEquals(50, sample("tandem_runs_total", "model=\"other\""));
        assertEquals(
                101,
                metrics.text().lines().filter(l -> l.startsWith("tandem_runs_total{")).count());
    }

    private static CallEnd call(String method, String outcome, Optional<Duration> first) {
        return new CallEnd(
                "req-1",
                "grpc",
                method,
                "127.0.0.1",
                Optional.of("default"),
                Optional.of("phone"),
                outcome,
                first,
                Duration.ofMillis(200),
                1);
    }

    private static RunEnd run(String model) {
        return new RunEnd(
                "run_1",
                "anthropic",
                model,
                "completed",
                Optional.empty(),
                Optional.of(Duration.ofMillis(300)),
                Duration.ofSeconds(2),
                7,
                100,
                20);
    }

    /// The value of the one sample with a name and these labels.
    private double sample(String name, String... labels) {
        return metrics.text()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> Arrays.stream(labels).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .reduce(
                        (one, other) -> {
                            throw new AssertionError("several samples of " + name);
                        })
                .orElseThrow(() -> new AssertionError("no " + name + " in " + metrics.text()));
    }
}
