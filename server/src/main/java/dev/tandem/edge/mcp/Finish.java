package dev.tandem.edge.mcp;

/// What is left to do of an HTTP request once it is known how it ended.
interface Finish {
    /// All is sent already.
    Finish NOTHING = () -> {};

    void run();
}
