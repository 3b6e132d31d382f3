package dev.tandem.edge.openai;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.v1.RunError;
import java.time.Duration;

/// The failures that the end of a run stands for.
final class RunFailures {
    private RunFailures() {}

    static Failure failed(RunError error) {
        Failure failure = new Failure(FailureCode.of(error.getCode()), error.getMessage());
        if (error.hasParam()) {
            failure = failure.at(ParamNames.openAi(error.getParam()));
        }
        if (error.hasRetryAfterSeconds()) {
            long millis = Math.round(error.getRetryAfterSeconds() * 1000);
            failure = failure.retryAfter(Duration.ofMillis(millis));
        }
        return failure;
    }

    static Failure cancelled() {
        return new Failure(FailureCode.CANCELLED, "The run was cancelled.");
    }

    static Failure interrupted() {
        return new Failure(
                FailureCode.INTERRUPTED,
                "The answer was cut off before its end; what was sent so far is incomplete.");
    }
}
