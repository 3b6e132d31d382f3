package dev.tandem.provider.anthropic;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads the event of which nearly all of a stream consists, a delta of text without escapes, in
/// the form in which Anthropic writes it. A JSON parser made for each would cost more than all else
/// that happens to a delta; what does not look exactly like this is left to one.
final class PlainDelta {
    private static final byte[] HEAD = ascii("{\"type\":\"content_block_delta\",\"index\":");

    /// The kinds of delta, most frequent first. Nobody writes into their bytes.
    @SuppressWarnings("ImmutableEnumChecker")
    private enum Kind {
        TEXT("text_delta", "text"),
        ARGUMENTS("input_json_delta", "partial_json"),
        THINKING("thinking_delta", "thinking");

        private final String type;
        private final String field;
        private final byte[] head;

        Kind(String type, String field) {
            this.type = type;
            this.field = field;
            this.head = ascii(",\"delta\":{\"type\":\"" + type + "\",\"" + field + "\":\"");
        }
    }

    private PlainDelta() {}

    /// Fills the frame with the delta.
    ///
    /// @return false where the data is something else; the frame is as it was then
    static boolean read(byte[] data, int start, int length, AnthropicFrame frame) {
        int end = start + length;
        if (!startsWith(HEAD, data, start, end)) {
            return false;
        }
        int at = start + HEAD.length;
        int index = 0;
        // nine digits at most: more of them are no index
        int digitsEnd = Math.min(end, at + 9);
        int digits = at;
        while (at < digitsEnd && data[at] >= '0' && data[at] <= '9') {
            index = 10 * index + data[at++] - '0';
        }
        if (at == digits || (data[digits] == '0' && at > digits + 1)) {
            return false;
        }
        for (Kind kind : Kind.values()) {
            if (startsWith(kind.head, data, at, end)) {
                return readPiece(data, at + kind.head.length, end, index, kind, frame);
            }
        }
        return false;
    }

    private static boolean readPiece(
            byte[] data, int start, int end, int index, Kind kind, AnthropicFrame frame) {
        int at = start;
        while (at < end && data[at] != '"') {
            byte here = data[at++];
            if (here == '\\' || (here >= 0 && here < ' ')) {
                return false;
            }
        }
        if (!isEndOfEvent(data, at, end)) {
            return false;
        }
        String piece = new String(data, start, at - start, StandardCharsets.UTF_8);
        if (piece.indexOf('\uFFFD') >= 0) {
            return false; // bytes that are not UTF-8, most likely
        }
        frame.type = "content_block_delta";
        frame.index = index;
        frame.deltaType = kind.type;
        frame.pieceField = kind.field;
        frame.piece = piece;
        return true;
    }

    /// Whether the text, the delta and the event end here. Anthropic writes spaces before the last
    /// brace, of varying number.
    private static boolean isEndOfEvent(byte[] data, int quote, int end) {
        if (quote + 3 > end || data[quote + 1] != '}' || data[end - 1] != '}') {
            return false;
        }
        for (int at = quote + 2; at < end - 1; at++) {
            if (data[at] != ' ') {
                return false;
            }
        }
        return true;
    }

    private static boolean startsWith(byte[] head, byte[] data, int from, int end) {
        int to = from + head.length;
        return to <= end && Arrays.equals(data, from, to, head, 0, head.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
