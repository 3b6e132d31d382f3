package dev.tandem.rpc;

import java.util.Optional;
import java.util.regex.Pattern;

/// Request ids that clients send. They come back on answers and in the log, so they are short and
/// plain or not taken at all.
public final class RequestIds {
    private static final Pattern PLAIN = Pattern.compile("[\\x21-\\x7e]{1,128}");

    private RequestIds() {}

    /// The id that a client sent, if it is 1 to 128 printable ASCII characters without spaces.
    public static Optional<String> sent(Optional<String> header) {
        return header.filter(id -> PLAIN.matcher(id).matches());
    }
}
