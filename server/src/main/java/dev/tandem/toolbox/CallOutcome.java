package dev.tandem.toolbox;

import dev.tandem.tool.ToolOutput;
import java.time.Duration;

/// How a call ended. Whatever went wrong is told as the tool's answer.
///
/// @param took from its request to its end, the wait for approval left out
public record CallOutcome(Status status, ToolOutput output, Duration took) {
    /// What became of it.
    public enum Status {
        SUCCEEDED,
        /// The tool says that it failed, or its server refused.
        FAILED,
        /// The policy or a person said no, or nobody said anything in time.
        DENIED,
        TIMED_OUT,
        CANCELLED,
        /// The server is not there, or died meanwhile.
        UNAVAILABLE
    }
}
