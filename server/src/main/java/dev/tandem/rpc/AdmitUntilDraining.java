package dev.tandem.rpc;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.observe.Readiness;
import java.time.Duration;

/// Lets calls begin until the server drains.
public final class AdmitUntilDraining implements Admission {
    private static final Duration RESTART = Duration.ofSeconds(5);

    private final Readiness readiness;

    public AdmitUntilDraining(Readiness readiness) {
        this.readiness = readiness;
    }

    @Override
    public void admit(Call call) {
        if (readiness.state() == Readiness.State.DRAINING) {
            throw new Failure(
                            FailureCode.SHUTTING_DOWN,
                            "The server is shutting down; send the request again in a few seconds.")
                    .retryAfter(RESTART);
        }
    }
}
