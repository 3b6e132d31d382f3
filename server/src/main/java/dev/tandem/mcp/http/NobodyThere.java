package dev.tandem.mcp.http;

import java.io.IOException;
import java.io.Serial;

/// The server takes no connections.
final class NobodyThere extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    NobodyThere(IOException refused) {
        super(refused);
    }
}
