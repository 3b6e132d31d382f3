package dev.tandem.clients.phone;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/// An answer over HTTP/1.1 as it comes, read from the bytes of a socket so that what a cut leaves
/// is known exactly.
final class HttpAnswer {
    private static final int HEX = 16;

    private final InputStream in;
    private final int status;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final boolean chunked;
    private long left;
    private boolean last;

    /// Reads the head.
    HttpAnswer(InputStream socket) throws IOException {
        in = new BufferedInputStream(socket);
        status = Integer.parseInt(headLine().split(" ", -1)[1]);
        for (String line = headLine(); !line.isEmpty(); line = headLine()) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        chunked = headers.containsKey("transfer-encoding");
        left = Long.parseLong(headers.getOrDefault("content-length", "0"));
    }

    int status() {
        return status;
    }

    /// A header's value; empty where there is none.
    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /// The rest of the body.
    String body() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int next = read(); next >= 0; next = read()) {
            body.write(next);
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    /// A line of the body without its end, as bytes: a cut may have left half a letter.
    ///
    /// @throws EOFException where the body ends, or is cut, before the line does
    byte[] line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = read(); next != '\n'; next = read()) {
            if (next < 0) {
                throw new EOFException("the body has ended");
            }
            line.write(next);
        }
        return line.toByteArray();
    }

    /// @return -1 at the end of the body
    private int read() throws IOException {
        if (chunked && left == 0 && !last) {
            left = Long.parseLong(headLine(), HEX);
            last = left == 0;
            if (last) {
                headLine();
            }
        }
        if (left == 0) {
            return -1;
        }
        int next = in.read();
        if (next < 0) {
            throw new EOFException("the connection was cut");
        }
        left--;
        if (chunked && left == 0) {
            headLine();
        }
        return next;
    }

    private String headLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection was cut");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }
}
