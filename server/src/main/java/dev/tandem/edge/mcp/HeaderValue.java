package dev.tandem.edge.mcp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// The value of a header that mirrors one of the body: as it is, or as `=?base64?…?=`.
final class HeaderValue {
    private static final String PREFIX = "=?base64?";
    private static final String SUFFIX = "?=";

    private HeaderValue() {}

    /// @throws RpcError HEADER_MISMATCH where it is no Base64, or no UTF-8
    static String decode(String header) {
        String value = header.strip();
        if (!value.startsWith(PREFIX) || !value.endsWith(SUFFIX)) {
            return value;
        }
        String inside = value.substring(PREFIX.length(), value.length() - SUFFIX.length());
        try {
            if (inside.length() % 4 == 0) {
                byte[] bytes = Base64.getDecoder().decode(inside);
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            }
        } catch (IllegalArgumentException | CharacterCodingException wrong) {
            throw invalid(value);
        }
        throw invalid(value);
    }

    private static RpcError invalid(String value) {
        return RpcError.headerMismatch("A header's value is no Base64 of UTF-8: " + value);
    }
}
