package dev.tandem.toolbox;

import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolSelection;

/// What a model, an MCP client or a tester uses tools through. Safe for use by many threads.
public interface Toolbox {
    /// The tools that a scope may use, under names that every provider takes. A server that does
    /// not come up costs a warning and no failure.
    Offer offer(ToolScope scope, ToolSelection selection) throws InterruptedException;

    /// Runs a call: judges it, waits for approval where that is needed, writes the audit log before
    /// and after. An interrupt frees the caller at once, tells the server to stop, and is audited.
    ///
    /// @param watcher told what happens meanwhile, by any thread
    CallOutcome call(ToolRequest request, CallWatcher watcher) throws InterruptedException;
}
