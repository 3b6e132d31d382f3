package dev.tandem.edge.listener;

/// One thing a gRPC server has to do, and how to see that it does.
///
/// @param name what it does, as a sentence
/// @param check fails if it does not
record Behaviour(String name, Check check) {

    /// Looks at one server.
    interface Check {
        void run(Subject subject) throws Exception;
    }
}
