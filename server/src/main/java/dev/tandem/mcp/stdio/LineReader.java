package dev.tandem.mcp.stdio;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads lines of UTF-8 that are not longer than they may be. Belongs to one thread.
final class LineReader {
    private static final int BLOCK_BYTES = 16 << 10;

    private final InputStream in;
    private final int bytesMax;
    private final byte[] block = new byte[BLOCK_BYTES];
    private int next;
    private int end;

    /// A line.
    ///
    /// @param cut whether it was longer than it may be; what is too much is gone
    record Line(String text, boolean cut) {}

    LineReader(InputStream in, int bytesMax) {
        this.in = in;
        this.bytesMax = bytesMax;
    }

    /// The next line; empty at the end. A last line without its end is half a message, and none.
    Optional<Line> next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean cut = false;
        while (next < end || filled()) {
            int from = next;
            int newline = newline();
            int taken = Math.min(newline - from, bytesMax - line.size());
            line.write(block, from, taken);
            cut |= taken < newline - from;
            if (newline < end) {
                next = newline + 1;
                return Optional.of(new Line(line.toString(StandardCharsets.UTF_8), cut));
            }
            next = end;
        }
        return Optional.empty();
    }

    /// Where the block's next line ends, or the block.
    private int newline() {
        for (int i = next; i < end; i++) {
            if (block[i] == '\n') {
                return i;
            }
        }
        return end;
    }

    private boolean filled() throws IOException {
        next = 0;
        end = Math.max(in.read(block), 0);
        return end > 0;
    }
}
