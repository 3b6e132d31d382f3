package dev.tandem.mcp.stdio;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads lines of UTF-8 that are not longer than they may be. Belongs to one thread.
final class LineReader {
    private final BufferedInputStream in;
    private final int bytesMax;

    /// A line.
    ///
    /// @param cut whether it was longer than it may be; what is too much is gone
    record Line(String text, boolean cut) {}

    LineReader(InputStream in, int bytesMax) {
        this.in = new BufferedInputStream(in);
        this.bytesMax = bytesMax;
    }

    /// The next line; empty at the end. A last line without its end is half a message, and none.
    Optional<Line> next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean cut = false;
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            if (octet == '\n') {
                return Optional.of(new Line(line.toString(StandardCharsets.UTF_8), cut));
            }
            if (line.size() < bytesMax) {
                line.write(octet);
            } else {
                cut = true;
            }
        }
        return Optional.empty();
    }
}
