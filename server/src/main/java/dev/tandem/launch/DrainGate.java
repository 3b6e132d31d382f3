package dev.tandem.launch;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.observe.Readiness;
import dev.tandem.rpc.Admission;
import dev.tandem.rpc.Call;
import java.time.Duration;

/// Refuses calls while the server goes down: another one, or this one in a moment, may take them.
record DrainGate(Readiness readiness) implements Admission {
    @Override
    public void admit(Call call) {
        if (readiness.state() == Readiness.State.DRAINING) {
            throw new Failure(
                            FailureCode.SHUTTING_DOWN,
                            "The server is shutting down; send the request again.")
                    .retryAfter(Duration.ofSeconds(1));
        }
    }
}
