package dev.tandem.edge.rest;

import dev.tandem.edge.json.JsonOut;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Server-sent events, written as bytes: `data: {…}` and an empty line, nothing else. What is
/// written waits in a buffer for [#flush], or until there is much of it. The answer begins with the
/// first flush: until then it can still be another one. One thread writes.
public final class EventStream {
    private static final Header TYPE =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8");
    private static final Header NOT_CACHED =
            HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-cache");
    private static final Header NOT_BUFFERED =
            HeaderValues.createCached(HeaderNames.create("X-Accel-Buffering"), "no");
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ID = "id: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LINE_END = {'\n'};
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HELD_BACK_MAX = 16 * 1024;

    private final ServerResponse response;
    private final Runnable headers;
    private final JsonOut buffer = new JsonOut(2048);
    private @Nullable OutputStream out;

    EventStream(ServerResponse response, Runnable headers) {
        this.response = response;
        this.headers = headers;
    }

    /// Names the frame that follows: what a client sends back as `Last-Event-ID`.
    public void id(String id) {
        buffer.bytes(ID).bytes(id.getBytes(StandardCharsets.US_ASCII)).bytes(LINE_END);
    }

    /// Begins a frame, whose JSON the caller writes into what is returned.
    public JsonOut begin() {
        return buffer.bytes(DATA);
    }

    /// Begins a frame whose beginning is already JSON; the caller writes the rest.
    public JsonOut begin(byte[] frame) {
        return buffer.bytes(frame);
    }

    /// Ends the frame.
    public void end() throws InterruptedException {
        buffer.bytes(END);
        flushIfFull();
    }

    /// Writes a frame, or a comment, that is whole already.
    public void frame(byte[] whole) throws InterruptedException {
        buffer.bytes(whole);
        flushIfFull();
    }

    /// Writes a frame of which only the text inside a JSON string is new.
    public void frame(byte[] before, String text, byte[] after) throws InterruptedException {
        buffer.bytes(before).escaped(text).bytes(after);
        flushIfFull();
    }

    /// Whether the answer has begun, so that it cannot be another one any more.
    public boolean hasBegun() {
        return out != null;
    }

    /// Sends what has been written.
    ///
    /// @throws InterruptedException when the client has left
    public void flush() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("The client has left.");
        }
        if (buffer.size() == 0) {
            return;
        }
        try {
            OutputStream to = opened();
            buffer.writeTo(to);
            buffer.clear();
            to.flush();
        } catch (IOException | RuntimeException problem) {
            throw gone(problem);
        }
    }

    /// Ends the stream.
    public void close() throws InterruptedException {
        flush();
        try {
            opened().close();
        } catch (IOException | RuntimeException problem) {
            throw gone(problem);
        }
    }

    private void flushIfFull() throws InterruptedException {
        if (buffer.size() >= HELD_BACK_MAX) {
            flush();
        }
    }

    private OutputStream opened() {
        OutputStream open = out;
        if (open == null) {
            headers.run();
            response.header(TYPE).header(NOT_CACHED).header(NOT_BUFFERED);
            open = response.outputStream();
            out = open;
        }
        return open;
    }

    private static InterruptedException gone(Exception problem) {
        if (problem instanceof RuntimeException other && !ClientGone.isSaidBy(other)) {
            throw other;
        }
        InterruptedException gone = new InterruptedException("The client has left.");
        gone.initCause(problem);
        return gone;
    }
}
