package dev.tandem.edge.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/// Opens documents: which bytes are taken for JSON, and how strictly.
final class JsonDocument {
    static final int DEPTH_MAX = 128;

    private static final JsonFactory JSON =
            new JsonFactoryBuilder()
                    .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEPTH_MAX)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    private JsonDocument() {}

    /// The document's bytes without a byte order mark.
    static byte[] utf8(byte[] document) {
        byte[] body = withoutMark(document);
        refuseOtherEncodings(body);
        return body;
    }

    static JsonParser open(byte[] body) {
        try {
            return JSON.createParser(body);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /// What the parser says about a malformed document.
    static String said(Exception problem) {
        String text =
                problem instanceof JsonProcessingException json
                        ? json.getOriginalMessage()
                        : problem.getMessage();
        return text == null ? "unreadable" : firstLine(text);
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        String line = end < 0 ? text : text.substring(0, end);
        return line.length() <= 200 ? line : line.substring(0, 200) + "…";
    }

    private static byte[] withoutMark(byte[] document) {
        boolean marked =
                document.length >= 3
                        && document[0] == (byte) 0xef
                        && document[1] == (byte) 0xbb
                        && document[2] == (byte) 0xbf;
        return marked ? Arrays.copyOfRange(document, 3, document.length) : document;
    }

    /// The parser would guess UTF-16 and UTF-32 from such beginnings; RFC 8259 allows UTF-8 only.
    private static void refuseOtherEncodings(byte[] body) {
        for (int i = 0; i < Math.min(4, body.length); i++) {
            if (body[i] == 0 || body[i] == (byte) 0xfe || body[i] == (byte) 0xff) {
                throw new Failure(
                        FailureCode.INVALID_REQUEST, "The body must be JSON encoded as UTF-8.");
            }
        }
    }
}
