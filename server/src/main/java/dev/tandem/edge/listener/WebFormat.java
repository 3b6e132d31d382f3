package dev.tandem.edge.listener;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// The two ways in which gRPC-Web writes frames: as they are, and as base64 for browsers that can
/// read nothing but text while an answer comes in.
enum WebFormat {
    BINARY("application/grpc-web"),
    TEXT("application/grpc-web-text");

    /// What both begin with.
    static final String PREFIX = "application/grpc-web";

    private final String type;

    WebFormat(String type) {
        this.type = type;
    }

    /// The format of a content-type; empty where its messages are no protobuf.
    static Optional<WebFormat> of(String contentType) {
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return Stream.of(values())
                .filter(one -> type.equals(one.type) || type.equals(one.contentType()))
                .findFirst();
    }

    String contentType() {
        return type + "+proto";
    }

    byte[] encode(byte[] bytes) {
        return this == TEXT ? Base64.getEncoder().encode(bytes) : bytes;
    }

    /// A piece of a body, whose length can be divided by four unless it is the last. Text may be
    /// padded in its middle, for some clients write each frame as a text of its own.
    ///
    /// @throws IllegalArgumentException if text is no base64
    byte[] decode(byte[] piece) {
        if (this == BINARY) {
            return piece;
        }
        ByteArrayOutputStream plain = new ByteArrayOutputStream(piece.length);
        for (int begin = 0; begin < piece.length; ) {
            int end = endOfText(piece, begin);
            plain.writeBytes(Base64.getDecoder().decode(Arrays.copyOfRange(piece, begin, end)));
            begin = end;
        }
        return plain.toByteArray();
    }

    private static int endOfText(byte[] piece, int begin) {
        for (int i = begin; i < piece.length; i++) {
            if (piece[i] == '=') {
                return Math.min((i / 4 + 1) * 4, piece.length);
            }
        }
        return piece.length;
    }
}
