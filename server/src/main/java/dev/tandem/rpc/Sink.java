package dev.tandem.rpc;

/// Where a stream of answers goes. One thread writes.
public interface Sink<A> {
    /// Takes an answer, and blocks while the reader is slower than a bounded buffer. May hold it
    /// back until [#flush()].
    ///
    /// @throws InterruptedException when the reader has left
    void send(A answer) throws InterruptedException;

    /// Sends what is held back. Called when nothing more is ready.
    void flush() throws InterruptedException;
}
