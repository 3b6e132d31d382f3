package dev.tandem.edge.listener;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufUtil;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// The response of one gRPC-Web call. The service's thread hands over what it says, the request's
/// thread writes it. What waits between them is bounded by how many messages are asked for.
final class WebAnswer extends ClientCall.Listener<ByteBuf> {

    /// Marks the frame that holds the trailers: a browser shows no others to its page.
    private static final byte TRAILERS = (byte) 0x80;

    private sealed interface Event {
        record Head(Metadata metadata) implements Event {}

        record Message(ByteBuf frame) implements Event {}

        record End(Status status, Metadata trailers) implements Event {}
    }

    private final WebFormat format;
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private volatile boolean ended;
    private volatile @Nullable GrpcRequest request;

    WebAnswer(WebFormat format) {
        this.format = format;
    }

    /// Names the request whose deadline explains a late answer.
    void tellsOf(GrpcRequest request) {
        this.request = request;
    }

    @Override
    public void onHeaders(Metadata head) {
        events.add(new Event.Head(head));
    }

    @Override
    public void onMessage(ByteBuf frame) {
        events.add(new Event.Message(frame));
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        GrpcRequest asked = request;
        end(asked == null ? status : asked.asTold(status), trailers);
    }

    /// Ends the answer with words of the listener's own, unless it has ended already.
    void end(Status status) {
        end(status, new Metadata());
    }

    private void end(Status status, Metadata trailers) {
        ended = true;
        events.add(new Event.End(status, trailers));
    }

    boolean hasEnded() {
        return ended;
    }

    /// Writes until the end.
    ///
    /// @param written called after each message
    void writeTo(ServerResponse response, Runnable written)
            throws IOException, InterruptedException {
        response.header(HeaderNames.CONTENT_TYPE, format.contentType());
        Event first = events.take();
        if (first instanceof Event.Head(Metadata metadata)) {
            GrpcHeaders.each(
                    metadata, (name, value) -> response.header(HeaderNames.create(name), value));
        }
        try (OutputStream out = response.outputStream()) {
            for (Event event = first; write(event, out, written); event = next(out)) {
                // until the trailers are written
            }
        }
    }

    /// Sends what is written before it waits.
    private Event next(OutputStream out) throws IOException, InterruptedException {
        Event ready = events.poll();
        if (ready != null) {
            return ready;
        }
        out.flush();
        return events.take();
    }

    /// @return whether more follows
    private boolean write(Event event, OutputStream out, Runnable written) throws IOException {
        return switch (event) {
            case Event.Head _ -> true;
            case Event.Message(ByteBuf frame) -> {
                out.write(format.encode(ByteBufUtil.getBytes(frame)));
                written.run();
                yield true;
            }
            case Event.End(Status status, Metadata trailers) -> {
                out.write(format.encode(frame(status, trailers)));
                yield false;
            }
        };
    }

    private static byte[] frame(Status status, Metadata trailers) {
        StringBuilder text = new StringBuilder();
        line(text, "grpc-status", Integer.toString(status.getCode().value()));
        String description = status.getDescription();
        if (description != null) {
            line(text, "grpc-message", GrpcHeaders.percentEncoded(description));
        }
        GrpcHeaders.each(trailers, (name, value) -> line(text, name, value));
        byte[] lines = text.toString().getBytes(US_ASCII);
        return ByteBuffer.allocate(MessageReader.PREFIX_BYTES + lines.length)
                .put(TRAILERS)
                .putInt(lines.length)
                .put(lines)
                .array();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append(": ").append(value).append("\r\n");
    }
}
