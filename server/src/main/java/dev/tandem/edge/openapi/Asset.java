package dev.tandem.edge.openapi;

import com.google.protobuf.ByteString;
import dev.tandem.edge.rest.Page.Content;
import io.helidon.http.Header;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Bytes that stay the same while the server runs. Made when they are first asked for.
final class Asset {
    private static final int OK = 200;
    private static final int MARK_BYTES = 12;

    private final Header type;
    private final Map<String, String> headers;
    private final Supplier<byte[]> bytes;
    private @Nullable Content content;

    Asset(Header type, Map<String, String> headers, Supplier<byte[]> bytes) {
        this.type = type;
        this.headers = headers;
        this.bytes = bytes;
    }

    synchronized Content content() {
        Content made = content;
        if (made == null) {
            byte[] body = bytes.get();
            made =
                    new Content(
                            OK, type, ByteString.copyFrom(body), Optional.of(mark(body)), headers);
            content = made;
        }
        return made;
    }

    private static String mark(byte[] body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
            return "\"" + HexFormat.of().formatHex(digest, 0, MARK_BYTES) + "\"";
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
