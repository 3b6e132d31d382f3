package dev.tandem.edge.operations;

import io.helidon.health.HealthCheck;
import io.helidon.health.HealthCheckResponse;
import io.helidon.health.HealthCheckType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A health check that tries something out. Whoever may ask for a server's health learns only
/// whether it worked; why not is in the log.
///
/// @param name such as `storage`
public record Probe(String name, Trial trial) implements HealthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(Probe.class);

    /// Throws where the thing does not work.
    public interface Trial {
        void run() throws Exception;
    }

    @Override
    public HealthCheckType type() {
        return HealthCheckType.READINESS;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.builder().status(works()).build();
    }

    private boolean works() {
        try {
            trial.run();
            return true;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        } catch (Exception broken) {
            LOG.warn("{} does not work", name, broken);
            return false;
        }
    }
}
