package dev.tandem.edge.listener;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import java.nio.charset.StandardCharsets;

/// What a connection's first bytes say it speaks.
enum FirstBytes {
    HTTP1,
    HTTP2,
    NEITHER;

    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int REQUEST_LINE_MAX = 4096;

    /// Waits for as many bytes as it takes to tell, and consumes none.
    static FirstBytes of(DataReader bytes) {
        if (bytes.lookup() == 'P' && bytes.startsWith(new byte[] {'P', 'R', 'I', ' '})) {
            return bytes.startsWith(PREFACE) ? HTTP2 : NEITHER;
        }
        return isForeign(bytes) ? NEITHER : HTTP1;
    }

    /// Whether the first line is here and is no HTTP/1 request line. Anything else, a line too long
    /// or not yet complete, is for the HTTP/1.1 parser to judge.
    private static boolean isForeign(DataReader bytes) {
        int length = Math.min(bytes.available(), REQUEST_LINE_MAX);
        BufferData buffer = bytes.getBuffer(length);
        String start = buffer.readString(length, StandardCharsets.ISO_8859_1);
        int end = start.indexOf("\r\n");
        return end >= 0 && !start.substring(0, end).contains(" HTTP/1.");
    }
}
