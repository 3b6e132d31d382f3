package dev.tandem.mcp;

import java.io.IOException;

/// Carries JSON-RPC messages to an MCP server and back. Safe for use by many threads.
public interface McpTransport extends AutoCloseable {
    /// Begins to hand on what the server says. Called once, before anything is sent.
    ///
    /// @throws IOException where the server cannot be reached or started
    void open(Receiver receiver) throws IOException;

    /// Sends one message; may block while the server takes nothing.
    ///
    /// @param message JSON text without line breaks
    /// @throws IOException where the server is gone
    void send(String message) throws IOException;

    /// Ends the server, or the connection to it. Closing again does nothing.
    @Override
    void close();

    /// Takes what a server says. Called by one thread at a time, which it must not hold for long.
    interface Receiver {
        void received(String message);

        /// The server is gone, or has said what cannot be read. The last call; may come from any
        /// thread.
        void ended(String why);
    }
}
