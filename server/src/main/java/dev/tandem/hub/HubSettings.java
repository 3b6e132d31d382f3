package dev.tandem.hub;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Limits of the servers that are kept.
///
/// @param idleStop how long after its last call a server is stopped
/// @param startMax how long a server may take to come up, with all that it has to fetch for that
/// @param processesMax the most servers that run as programs at once
/// @param processesPerTenantMax the same, for one tenant
/// @param backoffMin the wait after a start that failed; it doubles each time
/// @param backoffMax the longest such wait
/// @param stopMax how long all servers together may take to end when this one stops
/// @param folder where programs work that belong to no project; made where it is missing
/// @param projectVariables the variables of the environment that declarations may name which the
///     operator did not write, beside those of [#PROJECT_VARIABLES]
public record HubSettings(
        Duration idleStop,
        Duration startMax,
        int processesMax,
        int processesPerTenantMax,
        Duration backoffMin,
        Duration backoffMax,
        Duration stopMax,
        Path folder,
        List<String> projectVariables) {
    /// Variables that hold no secrets.
    public static final List<String> PROJECT_VARIABLES =
            List.of("HOME", "USER", "PATH", "SHELL", "LANG", "TMPDIR", "TZ");

    public static final HubSettings DEFAULTS =
            new HubSettings(
                    Duration.ofMinutes(10),
                    Duration.ofMinutes(1),
                    128,
                    32,
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(10),
                    Path.of("mcp"),
                    List.of());

    public HubSettings {
        projectVariables = List.copyOf(projectVariables);
        require(idleStop.isPositive(), "mcp.idle-stop must be positive");
        require(startMax.isPositive(), "mcp.start-max must be positive");
        require(processesMax >= 1, "mcp.processes-max must be at least 1, was " + processesMax);
        require(
                processesPerTenantMax >= 1,
                "mcp.processes-per-tenant-max must be at least 1, was " + processesPerTenantMax);
        require(backoffMin.isPositive(), "mcp.backoff-min must be positive");
        require(
                backoffMax.compareTo(backoffMin) >= 0,
                "mcp.backoff-max must be at least mcp.backoff-min");
        require(!stopMax.isNegative(), "mcp.stop-max must not be negative");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /// The same, with another folder.
    public HubSettings in(Path other) {
        return new HubSettings(
                idleStop,
                startMax,
                processesMax,
                processesPerTenantMax,
                backoffMin,
                backoffMax,
                stopMax,
                other,
                projectVariables);
    }
}
