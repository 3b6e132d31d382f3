package dev.tandem.edge.operations;

import dev.tandem.observe.Readiness;
import io.helidon.health.HealthCheck;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What there is to tell about a server's health.
///
/// @param version of the build
/// @param readiness whether it takes calls
/// @param activeSessions how many sessions have a run in progress
/// @param uptime since its start
/// @param checks what it needs to take calls, beside [#readiness]
public record Vitals(
        String version,
        Readiness readiness,
        LongSupplier activeSessions,
        Supplier<Duration> uptime,
        List<HealthCheck> checks) {

    public Vitals {
        checks = List.copyOf(checks);
    }
}
