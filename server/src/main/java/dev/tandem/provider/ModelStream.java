package dev.tandem.provider;

/// Events of one answer. One thread reads; [#close()] may be called by any.
public interface ModelStream extends AutoCloseable {
    /// Blocks until an event arrives. The last one is [ModelEvent.Finished]; asking for more after
    /// it is a mistake.
    ///
    /// @throws dev.tandem.failure.Failure when the provider reports an error, breaks off without
    ///     its end, or says nothing for too long
    /// @throws InterruptedException when the thread is interrupted or the stream is closed
    ModelEvent next() throws InterruptedException;

    /// Ends the answer, at the provider too, within milliseconds; a blocked [#next()] returns.
    /// Closing again does nothing.
    @Override
    void close();
}
