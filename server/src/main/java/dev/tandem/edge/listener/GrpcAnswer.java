package dev.tandem.edge.listener;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufOutputStream;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/// The response of one gRPC call, as frames. Both the service's thread and the event loop may end
/// it; the first to do so wins.
final class GrpcAnswer extends ClientCall.Listener<ByteBuf> {

    private static final Metadata.Key<String> ENCODING =
            Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);

    /// Hears what the stream has to know of its response.
    interface Watch {
        void messageSent();

        void ready();
    }

    private final Outbox outbox;
    private final Watch watch;
    private final GrpcRequest request;
    private boolean begun;
    private boolean gzip;
    private boolean ended;

    GrpcAnswer(Outbox outbox, GrpcRequest request, Watch watch) {
        this.outbox = outbox;
        this.watch = watch;
        this.request = request;
    }

    @Override
    public synchronized void onHeaders(Metadata head) {
        if (!ended) {
            begun = true;
            gzip = request.takesGzip() && "gzip".equals(head.get(ENCODING));
            outbox.add(new DefaultHttp2HeadersFrame(GrpcHeaders.head(head, gzip), false));
        }
    }

    @Override
    public void onMessage(ByteBuf message) {
        add(message);
        watch.messageSent();
    }

    private synchronized void add(ByteBuf message) {
        if (!ended) {
            outbox.add(new DefaultHttp2DataFrame(gzip ? packed(message) : message, false));
        }
    }

    private static ByteBuf packed(ByteBuf message) {
        ByteBuf packed = Unpooled.buffer().writeByte(1).writeInt(0);
        try (GZIPOutputStream out = new GZIPOutputStream(new ByteBufOutputStream(packed))) {
            message.skipBytes(MessageReader.PREFIX_BYTES).readBytes(out, message.readableBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.setInt(1, packed.readableBytes() - MessageReader.PREFIX_BYTES);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        end(request.asTold(status), trailers);
    }

    /// Ends the response, unless it has ended already.
    synchronized void end(Status status, Metadata trailers) {
        if (!ended) {
            ended = true;
            Http2Headers last = GrpcHeaders.trailers(status, trailers, !begun);
            outbox.add(new DefaultHttp2HeadersFrame(last, true));
        }
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    @Override
    public void onReady() {
        watch.ready();
    }
}
