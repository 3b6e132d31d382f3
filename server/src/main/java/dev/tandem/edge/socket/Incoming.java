package dev.tandem.edge.socket;

/// What a client says. Its bytes are the reader's own, and nobody compares them.
@SuppressWarnings("ArrayRecordComponent")
sealed interface Incoming {
    /// A whole message, which is UTF-8.
    record Text(byte[] utf8) implements Incoming {}

    /// It asks whether we are there.
    record Ping(byte[] payload) implements Incoming {}

    /// It is there.
    record Pong() implements Incoming {}

    /// It goes.
    record Close(Closing closing) implements Incoming {}
}
