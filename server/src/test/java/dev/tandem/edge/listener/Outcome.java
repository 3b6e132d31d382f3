package dev.tandem.edge.listener;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What became of an attacker, in words.
final class Outcome {

    /// Longer than every limit of [TestSettings#impatient] on a busy machine.
    static final Duration LIMIT = Duration.ofSeconds(5);

    private static final List<String> CODES =
            List.of(
                    "NO_ERROR",
                    "PROTOCOL_ERROR",
                    "INTERNAL_ERROR",
                    "FLOW_CONTROL_ERROR",
                    "SETTINGS_TIMEOUT",
                    "STREAM_CLOSED",
                    "FRAME_SIZE_ERROR",
                    "REFUSED_STREAM",
                    "CANCEL",
                    "COMPRESSION_ERROR",
                    "CONNECT_ERROR",
                    "ENHANCE_YOUR_CALM");

    private Outcome() {}

    /// Waits for the server to close the connection.
    static String of(RawHttp2 client) throws InterruptedException {
        client.awaitEnd(LIMIT);
        Optional<Frame> last = client.find(frame -> frame.type() == Frame.GOAWAY);
        return "closed" + last.map(frame -> ", " + CODES.get(frame.goAwayCode())).orElse("");
    }

    /// Waits for the server to end a stream.
    static String of(RawHttp2 client, int stream) throws InterruptedException {
        Frame end = client.awaitEndOf(stream);
        return end.type() == Frame.RST_STREAM
                ? "stream reset, " + CODES.get(end.number())
                : "answered " + status(client, stream);
    }

    private static String status(RawHttp2 client, int stream) {
        return client.find(frame -> frame.is(Frame.HEADERS, stream))
                .map(Outcome::status)
                .orElse("nothing");
    }

    /// Our server has its own status codes in HPACK's static table, or as a literal.
    private static String status(Frame head) {
        String text = head.text();
        return List.of("408", "413", "414", "415", "431").stream()
                .filter(text::contains)
                .findFirst()
                .orElse(head.payload().byteAt(0) == (byte) 0x8c ? "400" : "in full");
    }

    /// Waits for the server to close the connection.
    static String of(RawHttp1 client) throws IOException {
        String said = client.readToEnd();
        return said.startsWith("HTTP/1.1 ")
                ? "answered " + said.substring(9, 12) + ", closed"
                : "closed";
    }
}
