package dev.tandem.run;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What is known of a run when it begins.
///
/// @param keyName the key of the caller that asked, for the sums of usage
/// @param model as the catalogue names it
/// @param kept whether it outlives its readers and can be followed again
/// @param epoch the life of the server in which it began
/// @param terms how it is treated
/// @param ignoredParameters parameters of the request that the model does not know
public record RunInfo(
        String id,
        String tenant,
        String keyName,
        Optional<String> sessionId,
        Optional<String> projectId,
        String model,
        String provider,
        Instant createdAt,
        boolean kept,
        int epoch,
        RunTerms terms,
        List<String> ignoredParameters) {
    public RunInfo {
        ignoredParameters = List.copyOf(ignoredParameters);
    }

    /// Where a reader stands that has seen this event of the run's.
    public RunCursor cursor(long number) {
        return new RunCursor(id, epoch, number);
    }
}
