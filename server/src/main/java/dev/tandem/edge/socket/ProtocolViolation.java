package dev.tandem.edge.socket;

import java.io.Serial;

/// Something that a client must not send, after which its WebSocket cannot go on.
final class ProtocolViolation extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    private final transient Closing closing;

    ProtocolViolation(Closing closing) {
        super(closing.reason());
        this.closing = closing;
    }

    /// How to say so.
    Closing closing() {
        return closing;
    }
}
