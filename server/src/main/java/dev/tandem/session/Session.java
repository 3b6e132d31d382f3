package dev.tandem.session;

import java.time.Instant;
import java.util.Optional;

/// A conversation that the server keeps.
///
/// @param title as set, else made from the first user message
/// @param model answers where a request names none
/// @param active whether a run is in progress
/// @param totalTokens input and output of all runs, cached input included
/// @param totalCostNanos cost of the runs with a known price, in billionths of a US dollar
/// @param unpricedRuns runs that [#totalCostNanos()] leaves out
public record Session(
        String id,
        String tenant,
        Optional<String> projectId,
        Optional<String> title,
        Optional<String> model,
        Optional<String> systemPrompt,
        Instant createdAt,
        Instant updatedAt,
        boolean active,
        long totalTokens,
        long totalCostNanos,
        long messageCount,
        long unpricedRuns) {

    /// A session in which nothing was said yet.
    public static Session fresh(
            String id,
            String tenant,
            Optional<String> projectId,
            Optional<String> title,
            Optional<String> model,
            Optional<String> systemPrompt,
            Instant now) {
        return new Session(
                id, tenant, projectId, title, model, systemPrompt, now, now, false, 0, 0, 0, 0);
    }
}
