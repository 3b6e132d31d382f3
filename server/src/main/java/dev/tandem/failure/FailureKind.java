package dev.tandem.failure;

/// Who can act on a failure.
public enum FailureKind {
    /// The caller: another request would be served.
    CALLER,
    /// More capacity, or time: the same request would be served later.
    CAPACITY,
    /// The service behind this server.
    UPSTREAM,
    /// This server's developers.
    OURS
}
