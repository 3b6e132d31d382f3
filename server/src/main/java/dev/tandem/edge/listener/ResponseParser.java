package dev.tandem.edge.listener;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2StreamFrame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads an HTTP/1.1 response as Helidon writes it and says it in HTTP/2 frames. It trusts its
/// input: there is nobody but Helidon on the other side.
final class ResponseParser {

    private enum Expect {
        STATUS_LINE,
        FIELD,
        FIXED_BODY,
        ENDLESS_BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER,
        NOTHING
    }

    private static final Set<String> HOP_BY_HOP =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    private final boolean isHead;
    private final Consumer<Http2StreamFrame> frames;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private Expect expect = Expect.STATUS_LINE;
    private Http2Headers headers = new DefaultHttp2Headers(false);
    private boolean chunked;
    private long bodyLeft;
    private @Nullable ByteBuf body;

    /// @param isHead whether the response has no body although its head tells of one
    ResponseParser(boolean isHead, Consumer<Http2StreamFrame> frames) {
        this.isHead = isHead;
        this.frames = frames;
    }

    boolean isDone() {
        return expect == Expect.NOTHING;
    }

    void read(byte[] bytes) {
        int position = 0;
        while (position < bytes.length && !isDone()) {
            position +=
                    switch (expect) {
                        case FIXED_BODY, ENDLESS_BODY, CHUNK -> readBody(bytes, position);
                        case STATUS_LINE, FIELD, CHUNK_SIZE, CHUNK_END, TRAILER, NOTHING ->
                                readLine(bytes, position);
                    };
        }
        sendBody(false);
    }

    /// Says that Helidon will write no more.
    void end() {
        if (expect == Expect.ENDLESS_BODY) {
            body = Unpooled.EMPTY_BUFFER;
            sendBody(true);
        }
    }

    private int readBody(byte[] bytes, int position) {
        int count = (int) Math.min(bytes.length - position, bodyLeft);
        ByteBuf part = Unpooled.wrappedBuffer(bytes, position, count);
        body = body == null ? part : Unpooled.wrappedBuffer(body, part);
        bodyLeft -= count;
        if (bodyLeft == 0) {
            endOfBodyPart();
        }
        return count;
    }

    private void endOfBodyPart() {
        if (expect == Expect.FIXED_BODY) {
            sendBody(true);
        } else {
            expect = Expect.CHUNK_END;
        }
    }

    private int readLine(byte[] bytes, int start) {
        int position = start;
        while (position < bytes.length) {
            byte next = bytes[position++];
            if (next == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
                line.reset();
                onLine(text);
                break;
            }
            line.write(next);
        }
        return position - start;
    }

    private void onLine(String text) {
        switch (expect) {
            case STATUS_LINE -> onStatusLine(text);
            case FIELD, TRAILER -> onField(text);
            case CHUNK_SIZE -> onChunkSize(text);
            case CHUNK_END -> expect = Expect.CHUNK_SIZE;
            case FIXED_BODY, ENDLESS_BODY, CHUNK, NOTHING ->
                    throw new IllegalStateException("no line expected");
        }
    }

    private void onStatusLine(String text) {
        headers = new DefaultHttp2Headers(false).status(text.split(" ", 3)[1]);
        bodyLeft = -1;
        chunked = false;
        expect = Expect.FIELD;
    }

    private void onField(String text) {
        if (text.isEmpty()) {
            onEndOfFields();
            return;
        }
        int colon = text.indexOf(':');
        String name = text.substring(0, colon).toLowerCase(Locale.ROOT);
        String value = text.substring(colon + 1).strip();
        if (name.equals("content-length")) {
            bodyLeft = Long.parseLong(value);
        }
        chunked |= name.equals("transfer-encoding");
        if (!HOP_BY_HOP.contains(name)) {
            headers.add(name, value);
        }
    }

    private void onEndOfFields() {
        if (expect == Expect.TRAILER) {
            sendTrailers();
            return;
        }
        expect = afterHead(Integer.parseInt(headers.status().toString()));
        frames.accept(new DefaultHttp2HeadersFrame(headers, expect == Expect.NOTHING));
    }

    private Expect afterHead(int status) {
        if (status < 200) {
            return Expect.STATUS_LINE;
        }
        if (isHead || status == 204 || status == 304 || (bodyLeft == 0 && !chunked)) {
            return Expect.NOTHING;
        }
        if (chunked) {
            return Expect.CHUNK_SIZE;
        }
        if (bodyLeft < 0) {
            bodyLeft = Long.MAX_VALUE;
            return Expect.ENDLESS_BODY;
        }
        return Expect.FIXED_BODY;
    }

    private void onChunkSize(String text) {
        bodyLeft = Long.parseLong(text, 16);
        if (bodyLeft > 0) {
            expect = Expect.CHUNK;
        } else {
            headers = new DefaultHttp2Headers(false);
            expect = Expect.TRAILER;
        }
    }

    private void sendTrailers() {
        if (headers.isEmpty()) {
            body = body == null ? Unpooled.EMPTY_BUFFER : body;
            sendBody(true);
        } else {
            sendBody(false);
            expect = Expect.NOTHING;
            frames.accept(new DefaultHttp2HeadersFrame(headers, true));
        }
    }

    /// Sends what was found of the body since the last time, as one frame.
    private void sendBody(boolean last) {
        if (body != null) {
            expect = last ? Expect.NOTHING : expect;
            frames.accept(new DefaultHttp2DataFrame(body, last));
            body = null;
        }
    }
}
