package dev.tandem.edge.listener;

/// One way of a client to harm the server.
///
/// @param name what the client does
/// @param end what has to come of it, as a regular expression for what [Run#run] says
/// @param run does it, until the server has dealt with it
record Attack(String name, String end, Run run) {

    /// Attacks one server.
    interface Run {
        /// What the server did about it.
        String run(Subject subject) throws Exception;
    }
}
