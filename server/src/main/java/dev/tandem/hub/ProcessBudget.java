package dev.tandem.hub;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// How many programs may run. A place is taken before a program starts and given back when it has
/// ended. Safe for use by many threads.
final class ProcessBudget {
    private final int max;
    private final int perTenantMax;
    private final Set<Place> taken = new HashSet<>();

    /// A place, taken by a tenant.
    static final class Place {
        private final String tenant;

        private Place(String tenant) {
            this.tenant = tenant;
        }
    }

    /// What there is too much of.
    enum Full {
        TENANT,
        ALL;

        Failure failure(HubSettings settings) {
            String setting =
                    switch (this) {
                        case TENANT ->
                                "mcp.processes-per-tenant-max (%d)"
                                        .formatted(settings.processesPerTenantMax());
                        case ALL -> "mcp.processes-max (%d)".formatted(settings.processesMax());
                    };
            return new Failure(
                    FailureCode.OVERLOADED,
                    "As many MCP servers are at work as " + setting + " allows; try again later.");
        }
    }

    ProcessBudget(HubSettings settings) {
        this.max = settings.processesMax();
        this.perTenantMax = settings.processesPerTenantMax();
    }

    /// Takes a place where nothing is full.
    synchronized Optional<Place> take(String tenant) {
        if (full(tenant).isPresent()) {
            return Optional.empty();
        }
        Place place = new Place(tenant);
        taken.add(place);
        return Optional.of(place);
    }

    synchronized Optional<Full> full(String tenant) {
        if (taken.stream().filter(place -> place.tenant.equals(tenant)).count() >= perTenantMax) {
            return Optional.of(Full.TENANT);
        }
        return taken.size() >= max ? Optional.of(Full.ALL) : Optional.empty();
    }

    synchronized void giveBack(Place place) {
        taken.remove(place);
    }

    synchronized int taken() {
        return taken.size();
    }
}
