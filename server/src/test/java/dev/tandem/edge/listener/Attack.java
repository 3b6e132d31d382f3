package dev.tandem.edge.listener;

/// One way of a client to harm the server.
///
/// @param name what the client does
/// @param end what has to come of it, as a regular expression for what [Run#run] says
/// @param heapBytesMax the most that it may occupy while it lasts, the client's own end included
/// @param run does it, until the server has dealt with it
record Attack(String name, String end, long heapBytesMax, Run run) {

    /// More than any single attacker may occupy.
    private static final long HEAP_BYTES_MAX = 192L << 20;

    Attack(String name, String end, Run run) {
        this(name, end, HEAP_BYTES_MAX, run);
    }

    /// Attacks one server.
    interface Run {
        /// What the server did about it.
        String run(Subject subject) throws Exception;
    }
}
