package dev.tandem.mcp;

import dev.tandem.failure.Failure;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/// Carries JSON-RPC messages to an MCP server and back. Safe for use by many threads.
public interface McpTransport extends AutoCloseable {
    /// Begins to hand on what the server says. Called once, before anything is sent; once more
    /// where the server has ended and the transport [#reopens].
    ///
    /// @throws IOException where the server cannot be reached or started
    void open(Receiver receiver) throws IOException;

    /// Sends one message; may block while the server takes nothing.
    ///
    /// @throws IOException where the server is gone, or cannot be told this
    /// @throws Failure where it refuses this message: UPSTREAM_ERROR for what it does not know
    void send(Outgoing message) throws IOException;

    /// Says which protocol version is spoken from now on. Told before the first message where a
    /// version is tried, and again where both sides have agreed on another.
    default void agreed(String protocol) {}

    /// Says that nobody waits for the answer to a question any more, which has not come. The
    /// notification that says so to the server is sent, too: a transport that ends an answer's
    /// stream instead leaves it out.
    default void forget(long id) {}

    /// Whether it can be opened again after the server has ended by itself.
    default boolean reopens() {
        return false;
    }

    /// A message to a server.
    ///
    /// @param json the whole message, without line breaks
    /// @param id of a question, as it stands in `json`; empty for what has no answer
    /// @param method empty for an answer to a question of the server's
    /// @param target the tool, prompt or resource that it is about
    record Outgoing(
            String json, OptionalLong id, Optional<String> method, Optional<String> target) {}

    /// Ends the server, or the connection to it. Closing again does nothing.
    @Override
    void close();

    /// Takes what a server says. Called by one thread at a time, which it must not hold for long.
    interface Receiver {
        void received(String message);

        /// The same, from a transport that knows which question's answer the message came with.
        ///
        /// @param inAnswerTo the id of that question; empty for what came by itself
        default void received(String message, OptionalLong inAnswerTo) {
            received(message);
        }

        /// The answer to one question will not come; the server may still be there.
        ///
        /// @param why in words that follow "the server is gone:"
        default void lost(long id, String why) {}

        /// The server no longer knows us and has not looked at a question: it can be asked again,
        /// once we have greeted it anew. The end follows.
        default void expired(long id) {}

        /// The server is gone, or has said what cannot be read. The last call; may come from any
        /// thread.
        void ended(String why);
    }
}
