package dev.tandem.edge.listener;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.function.BiConsumer;

/// The heads and trailers of gRPC responses.
final class GrpcHeaders {

    private static final String CONTENT_TYPE = "application/grpc";
    private static final String HEX = "0123456789ABCDEF";

    /// Written by us, or about a transport the client never sees.
    private static final Set<String> OURS =
            Set.of(
                    "content-type",
                    "grpc-encoding",
                    "grpc-accept-encoding",
                    "grpc-status",
                    "grpc-message");

    private GrpcHeaders() {}

    static Http2Headers head(Metadata metadata, boolean gzip) {
        Http2Headers head = ok().set("grpc-accept-encoding", "gzip");
        if (gzip) {
            head.set("grpc-encoding", "gzip");
        }
        addAll(head, metadata);
        return head;
    }

    /// @param alone whether nothing was sent before, so that these trailers are also the head
    static Http2Headers trailers(Status status, Metadata metadata, boolean alone) {
        Http2Headers trailers = alone ? ok() : new DefaultHttp2Headers(false);
        trailers.set("grpc-status", Integer.toString(status.getCode().value()));
        String description = status.getDescription();
        if (description != null) {
            trailers.set("grpc-message", percentEncoded(description));
        }
        addAll(trailers, metadata);
        return trailers;
    }

    private static Http2Headers ok() {
        return new DefaultHttp2Headers(false).status("200").set("content-type", CONTENT_TYPE);
    }

    private static void addAll(Http2Headers headers, Metadata metadata) {
        each(metadata, headers::add);
    }

    /// Hands over all that a client is to see, each with its name and as it is written.
    static void each(Metadata metadata, BiConsumer<String, String> headers) {
        for (String name : metadata.keys()) {
            if (!OURS.contains(name)) {
                add(headers, name, metadata);
            }
        }
    }

    private static void add(BiConsumer<String, String> headers, String name, Metadata metadata) {
        if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
            Metadata.Key<byte[]> key = Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER);
            Iterable<byte[]> values = metadata.getAll(key);
            if (values != null) {
                values.forEach(value -> headers.accept(name, base64(value)));
            }
        } else {
            Metadata.Key<String> key = Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
            Iterable<String> values = metadata.getAll(key);
            if (values != null) {
                values.forEach(value -> addText(headers, name, value));
            }
        }
    }

    private static String base64(byte[] value) {
        return Base64.getEncoder().withoutPadding().encodeToString(value);
    }

    /// A value that is no printable ASCII cannot be sent; grpc-java leaves such a one out, too.
    private static void addText(BiConsumer<String, String> headers, String name, String value) {
        if (value.chars().allMatch(GrpcHeaders::isPrintable)) {
            headers.accept(name, value);
        }
    }

    private static boolean isPrintable(int character) {
        return character >= 0x20 && character <= 0x7e;
    }

    static String percentEncoded(String text) {
        if (text.chars().allMatch(character -> isPrintable(character) && character != '%')) {
            return text;
        }
        StringBuilder encoded = new StringBuilder();
        for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
            if (isPrintable(unit) && unit != '%') {
                encoded.append((char) unit);
            } else {
                encoded.append('%')
                        .append(HEX.charAt((unit >> 4) & 0xf))
                        .append(HEX.charAt(unit & 0xf));
            }
        }
        return encoded.toString();
    }
}
