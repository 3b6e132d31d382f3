package dev.tandem.mcp.http;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.mcp.McpTransport.Outgoing;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the protocol version makes of a message: its headers, and the session that it belongs to.
/// Safe for use by many threads.
final class Dialect {
    private static final String MODERN = "2026-07-28";
    private static final Set<String> NAMED = Set.of("tools/call", "resources/read", "prompts/get");

    private final MirroredArguments mirrored = new MirroredArguments();
    private volatile Optional<String> protocol = Optional.empty();
    private volatile Optional<String> session = Optional.empty();

    void agreed(String version) {
        protocol = Optional.of(version);
    }

    /// Whether there is no session: each message says by itself what the server must know.
    boolean isModern() {
        return protocol.filter(version -> version.compareTo(MODERN) >= 0).isPresent();
    }

    Optional<String> session() {
        return session;
    }

    void forgetSession() {
        session = Optional.empty();
    }

    /// The headers of a message.
    Map<String, String> headers(Outgoing message) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("Accept", "application/json, text/event-stream");
        if (isGreeting(message)) {
            return headers;
        }
        common(headers);
        if (isModern()) {
            message.method().ifPresent(method -> headers.put("Mcp-Method", method));
            message.target()
                    .filter(_ -> message.method().filter(NAMED::contains).isPresent())
                    .ifPresent(name -> headers.put("Mcp-Name", HeaderText.encoded(name)));
            mirrored.headers(message).forEach(headers::put);
        }
        return headers;
    }

    /// The headers of a request for a stream.
    ///
    /// @param lastId the last event of a stream that is taken up
    Map<String, String> streamHeaders(Optional<String> lastId) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Accept", "text/event-stream");
        common(headers);
        lastId.ifPresent(id -> headers.put("Last-Event-ID", id));
        return headers;
    }

    Map<String, String> goodbyeHeaders() {
        Map<String, String> headers = new HashMap<>();
        common(headers);
        return headers;
    }

    private void common(Map<String, String> headers) {
        protocol.ifPresent(version -> headers.put("MCP-Protocol-Version", version));
        session.filter(_ -> !isModern()).ifPresent(id -> headers.put("Mcp-Session-Id", id));
    }

    /// A question has been answered with this header.
    ///
    /// @throws Failure UPSTREAM_ERROR where the session's id is none
    void answered(Outgoing question, Optional<String> sessionId) {
        if (isGreeting(question) && sessionId.isPresent()) {
            if (!HeaderText.isVisible(sessionId.get())) {
                throw new Failure(
                        FailureCode.UPSTREAM_ERROR,
                        "The MCP server's session has an id that is not visible ASCII.");
            }
            session = sessionId;
        }
    }

    /// A message that has come in answer to a question, as it is to be handed on.
    String heard(Outgoing question, String message) {
        boolean tools = question.method().equals(Optional.of("tools/list"));
        return tools && isModern() ? mirrored.learn(message) : message;
    }

    private static boolean isGreeting(Outgoing message) {
        return message.method().equals(Optional.of("initialize"));
    }
}
