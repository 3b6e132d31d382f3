package dev.tandem.edge.listener;

import java.util.Map;

/// One client of the table of clients: it runs its rows and says what came of each.
///
/// @param client its name
/// @param fill runs the rows against a server, the drain of which comes last
record Column(String client, Fill fill) {

    static final String PASSES = "passes";

    /// Runs a column's rows.
    interface Fill {
        /// What came of each row, by its name; rows that the client cannot express are absent.
        Map<String, String> against(Subject subject) throws Exception;
    }
}
