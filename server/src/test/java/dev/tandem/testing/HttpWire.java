package dev.tandem.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// As much of HTTP/1.1 as a fake server needs.
final class HttpWire {
    private HttpWire() {}

    static Served read(PushbackInputStream in) throws IOException {
        String[] request = line(in).split(" ", -1);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return new Served(request[0], request[1], headers, body);
    }

    private static String line(PushbackInputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the client hung up in a request");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /// The status line and the headers of an answer in chunks.
    static byte[] head(RecordedUpstream.Answer answer) {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status() + " -\r\n");
        answer.headers()
                .forEach(
                        (name, value) -> {
                            if (!isAboutLength(name)) {
                                head.append(name).append(": ").append(value).append("\r\n");
                            }
                        });
        return head.append("transfer-encoding: chunked\r\n\r\n")
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isAboutLength(String header) {
        return Set.of("content-length", "transfer-encoding", "connection", "content-encoding")
                .contains(header.toLowerCase(Locale.ROOT));
    }

    static void chunk(OutputStream out, byte[] body, int at, int length) throws IOException {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream(length + 16);
        chunk.writeBytes(
                (Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        chunk.write(body, at, length);
        chunk.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        chunk.writeTo(out);
        out.flush();
    }

    static void end(OutputStream out) throws IOException {
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }
}
