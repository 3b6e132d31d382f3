package dev.tandem.usage;

import java.util.Optional;

/// Which runs to add up; empty for all.
///
/// @param model as the catalogue names it
public record RunFilter(
        Optional<String> model, Optional<String> projectId, Optional<String> sessionId) {
    public static final RunFilter ALL =
            new RunFilter(Optional.empty(), Optional.empty(), Optional.empty());
}
