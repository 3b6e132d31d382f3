package dev.tandem.observe;

import java.time.Duration;
import java.util.Optional;

/// Watches calls. Called on the thread of the call, so it must be quick and never throw.
public interface CallObserver {
    /// A call has ended, well or not.
    void ended(CallEnd call);

    /// How a call ended.
    ///
    /// @param wire the word of its wire
    /// @param method such as `ChatService/GetRun`
    /// @param tenant whose call; empty where it was not admitted
    /// @param keyName which key; empty where it was not admitted
    /// @param outcome `ok`, or the word of a failure code
    /// @param toFirst the time to the first answer; empty where there was none
    /// @param took the time to the end
    /// @param answers how many answers were sent
    record CallEnd(
            String requestId,
            String wire,
            String method,
            String peer,
            Optional<String> tenant,
            Optional<String> keyName,
            String outcome,
            Optional<Duration> toFirst,
            Duration took,
            long answers) {}
}
