package dev.tandem.hub;

import dev.tandem.failure.Failure;
import dev.tandem.tool.ContextItem;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolWatcher;
import java.util.List;
import java.util.Optional;

/// A connection to a server that is up. What is asked of it fails as [dev.tandem.tool.ToolSource]
/// says. Safe for use by many threads.
public interface ServerConnection extends AutoCloseable {
    /// What the server says of itself.
    Optional<String> version();

    /// Why the server is gone; empty while it is there.
    Optional<String> ended();

    /// Every tool of the server.
    ///
    /// @throws SessionExpired where the server no longer knew us
    List<ToolDefinition> tools() throws InterruptedException, SessionExpired;

    /// What else it offers, of one kind.
    ///
    /// @throws SessionExpired where the server no longer knew us
    List<ContextItem> context(ContextItem.Kind kind) throws InterruptedException, SessionExpired;

    /// Calls a tool.
    ///
    /// @throws SessionExpired where the server no longer knew us, so that nothing ran
    ToolOutput call(String tool, String argumentsJson, ToolWatcher watcher)
            throws InterruptedException, SessionExpired;

    /// Asks what resources and prompts answer.
    ///
    /// @throws SessionExpired where the server no longer knew us
    String read(String method, String paramsJson, ToolWatcher watcher)
            throws InterruptedException, SessionExpired;

    /// Ends the server, or the connection to it, with all that it has started; waits for that.
    /// Closing again does nothing.
    @Override
    void close();

    /// The server no longer knows us and has not looked at what was asked: it can be asked again,
    /// once we have greeted it anew.
    final class SessionExpired extends Exception {
        private static final long serialVersionUID = 1L;

        private final Failure told;

        /// @param told what the caller is told where asking again is of no use either
        public SessionExpired(Failure told) {
            super(told.text(), told);
            this.told = told;
        }

        public Failure told() {
            return told;
        }
    }
}
