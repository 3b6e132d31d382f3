package dev.tandem.run;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What is known of a run when it begins.
///
/// @param keyName the key of the caller that asked, for the sums of usage
/// @param model as the catalogue names it
/// @param kept whether it outlives its readers: it belongs to a session
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
        List<String> ignoredParameters) {
    public RunInfo {
        ignoredParameters = List.copyOf(ignoredParameters);
    }
}
