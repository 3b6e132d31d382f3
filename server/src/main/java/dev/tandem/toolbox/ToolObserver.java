package dev.tandem.toolbox;

import java.time.Duration;

/// Hears how calls of tools end. Called on the thread of the call, so it must be quick and never
/// throw.
public interface ToolObserver {
    /// A call has ended, well or not.
    ///
    /// @param server the name of the tool's server
    /// @param took how long the server had it
    void ended(String server, CallOutcome.Status status, Duration took);
}
