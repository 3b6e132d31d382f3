package dev.tandem.edge.rest;

import dev.tandem.failure.Failure;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// The `%2F` of paths and queries.
final class PercentCode {
    private PercentCode() {}

    /// Decodes a text as UTF-8.
    ///
    /// @param name what the text belongs to, for the failure
    /// @param plusIsSpace as in queries
    static String decode(String raw, String name, boolean plusIsSpace) {
        if (raw.indexOf('%') < 0 && !(plusIsSpace && raw.indexOf('+') >= 0)) {
            return raw;
        }
        byte[] source = raw.getBytes(StandardCharsets.UTF_8);
        ByteBuffer target = ByteBuffer.allocate(source.length);
        for (int i = 0; i < source.length; i++) {
            if (source[i] == '%') {
                target.put(octet(source, i, name));
                i += 2;
            } else {
                target.put(plusIsSpace && source[i] == '+' ? (byte) ' ' : source[i]);
            }
        }
        return text(target.flip(), name);
    }

    private static byte octet(byte[] source, int at, String name) {
        int high = at + 1 < source.length ? Character.digit(source[at + 1], 16) : -1;
        int low = at + 2 < source.length ? Character.digit(source[at + 2], 16) : -1;
        if (high < 0 || low < 0) {
            throw malformed(name);
        }
        return (byte) (high << 4 | low);
    }

    private static String text(ByteBuffer octets, String name) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(octets).toString();
        } catch (CharacterCodingException notUtf8) {
            throw malformed(name);
        }
    }

    private static Failure malformed(String name) {
        return Failure.invalid(name, name + " must be percent-encoded UTF-8.");
    }
}
