package dev.tandem.edge.grpc;

import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;

/// The standard health service: whether the server as a whole, and each of its services, takes
/// calls.
final class Serving {
    private final HealthStatusManager health = new HealthStatusManager();
    private final Set<String> services = new CopyOnWriteArraySet<>();

    Serving() {
        set(false);
    }

    void add(Set<String> names) {
        services.addAll(names);
        set(false);
    }

    void set(boolean takesCalls) {
        ServingStatus status = takesCalls ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
        services.forEach(service -> health.setStatus(service, status));
    }

    ServerServiceDefinition service() {
        return health.getHealthService().bindService();
    }
}
