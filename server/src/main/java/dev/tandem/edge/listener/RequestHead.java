package dev.tandem.edge.listener;

import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The head of an HTTP/2 request, said in HTTP/1.1.
///
/// @param text the head up to and with the empty line
/// @param isHead whether only the head of the answer is asked for
/// @param isChunked whether the body has to be framed in chunks, its length being unknown
/// @param bodyBytes the length of the body, or [Long#MAX_VALUE] where it is not known
record RequestHead(String text, boolean isHead, boolean isChunked, long bodyBytes) {

    /// Of one hop and one version; in an HTTP/1.1 head they would change where a body ends.
    private static final Set<String> HOP_BY_HOP =
            Set.of(
                    "connection",
                    "host",
                    "keep-alive",
                    "proxy-connection",
                    "te",
                    "transfer-encoding",
                    "upgrade");

    /// Empty if the head cannot be said in HTTP/1.1 without changing its meaning.
    static Optional<RequestHead> of(Http2Headers head, boolean hasBody) {
        String method = head.method().toString();
        String target = head.path().toString();
        if (!isToken(method) || !isToken(target)) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder(256);
        text.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        boolean chunked = hasBody && !head.contains("content-length");
        if (chunked) {
            line(text, "transfer-encoding", "chunked");
        }
        boolean safe = addFields(text, head);
        text.append("\r\n");
        return safe
                ? Optional.of(
                        new RequestHead(
                                text.toString(),
                                method.equals("HEAD"),
                                chunked,
                                head.getLong("content-length", Long.MAX_VALUE)))
                : Optional.empty();
    }

    byte[] bytes() {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static boolean addFields(StringBuilder text, Http2Headers head) {
        CharSequence authority = head.authority() == null ? head.get("host") : head.authority();
        StringBuilder cookies = new StringBuilder();
        line(text, "host", authority == null ? "localhost" : authority);
        boolean safe = authority == null || isFieldValue(authority);
        for (Map.Entry<CharSequence, CharSequence> field : head) {
            String name = field.getKey().toString();
            safe &= isFieldValue(field.getValue());
            if (name.equals("cookie")) {
                cookies.append(cookies.isEmpty() ? "" : "; ").append(field.getValue());
            } else if (name.charAt(0) != ':' && !HOP_BY_HOP.contains(name)) {
                line(text, name, field.getValue());
            }
        }
        if (!cookies.isEmpty()) {
            line(text, "cookie", cookies);
        }
        return safe;
    }

    private static void line(StringBuilder text, String name, CharSequence value) {
        text.append(name).append(": ").append(value).append("\r\n");
    }

    private static boolean isToken(String text) {
        return text.chars().allMatch(character -> character > 0x20 && character != 0x7f);
    }

    private static boolean isFieldValue(CharSequence value) {
        return value.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0);
    }
}
