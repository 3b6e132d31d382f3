package dev.tandem.observe;

import java.time.Duration;
import java.util.Optional;

/// Watches runs. Called on the thread of the run, so it must be quick and never throw.
public interface RunObserver {
    /// A run has begun.
    void began(String provider);

    /// A run has ended, well or not.
    void ended(RunEnd run);

    /// How a run ended.
    ///
    /// @param model as the catalogue names it
    /// @param outcome the word of its state
    /// @param failure the word of a failure code, of a failed run
    /// @param toFirstOutput the time to the first piece of the answer; empty where there was none
    /// @param outputs how many pieces there were
    /// @param inputTokens cached input included
    record RunEnd(
            String runId,
            String provider,
            String model,
            String outcome,
            Optional<String> failure,
            Optional<Duration> toFirstOutput,
            Duration took,
            long outputs,
            long inputTokens,
            long outputTokens) {}
}
