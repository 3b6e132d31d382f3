package dev.tandem.edge.mcp;

import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolReply;

/// Asks the client of a call something, and waits for its answer.
interface Asker {
    /// Asks, and returns what was answered.
    ///
    /// @param name unique in the call
    ToolReply ask(String name, ToolQuestion question) throws InterruptedException;
}
