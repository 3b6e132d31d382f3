package dev.tandem.run;

import java.util.Optional;

/// How a run is to be treated.
///
/// @param background whether it goes on without a reader from the start
/// @param queue whether it waits where its session is answering already
/// @param key what makes repeating its request safe
public record RunTerms(boolean background, boolean queue, Optional<RunKey> key) {
    public static final RunTerms NONE = new RunTerms(false, false, Optional.empty());
}
