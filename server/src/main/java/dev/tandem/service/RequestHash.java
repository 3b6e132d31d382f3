package dev.tandem.service;

import com.google.protobuf.CodedOutputStream;
import dev.tandem.v1.ChatCompletionRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Tells whether two requests ask the same.
final class RequestHash {
    private RequestHash() {}

    /// SHA-256 of the request without its key, in hexadecimal.
    static String of(ChatCompletionRequest request) {
        ChatCompletionRequest asked = request.toBuilder().clearIdempotencyKey().build();
        byte[] bytes = new byte[asked.getSerializedSize()];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            asked.writeTo(out);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
