package dev.tandem.edge.listener;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2DataFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2HeadersFrame;
import io.grpc.netty.shaded.io.netty.util.ReferenceCountUtil;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One gRPC call: the frames of an HTTP/2 stream on one side, a call on the in-process server on
/// the other. All methods of this class run on the event loop, except those of the answer's watch.
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes its channel
final class GrpcStream extends ChannelInboundHandlerAdapter
        implements MessageReader.Sink, GrpcAnswer.Watch {

    /// Messages a service may send ahead of what the client has taken, if they are small.
    private static final int MESSAGES_AHEAD_MAX = 16;

    /// What such messages may occupy, unless a single one does.
    private static final int BYTES_AHEAD_MAX = 64 << 10;

    /// Request bytes that may wait for a service which does not ask for them.
    private static final int UNREAD_BYTES_MAX = 64 << 10;

    /// How long a client may go on sending to a call that has ended.
    private static final int LINGER_SECONDS = 10;

    private final Channel stream;
    private final GrpcCalls calls;
    private final Outbox outbox;
    private final AtomicInteger messagesAsked = new AtomicInteger();
    private volatile int messageBytes = BYTES_AHEAD_MAX;
    private final MessageReader messages;
    private @Nullable ClientCall<InputStream, ByteBuf> call;
    private @Nullable GrpcAnswer answer;
    private boolean gzip;
    private boolean requestEnded;
    private boolean lingering;
    private int unreadBytes;

    GrpcStream(Channel stream, GrpcCalls calls) {
        this.stream = stream;
        this.calls = calls;
        this.outbox = new Outbox(stream, this::afterWriting);
        this.messages = new MessageReader(calls.messageBytesMax(), this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
        try {
            if (frame instanceof Http2HeadersFrame head) {
                readHead(head);
            } else if (frame instanceof Http2DataFrame data) {
                readData(data);
            }
        } finally {
            ReferenceCountUtil.release(frame);
        }
    }

    /// A second head is the request's trailers, which gRPC does not use.
    private void readHead(Http2HeadersFrame head) {
        if (answer == null && !requestEnded) {
            begin(head.headers());
        }
        endRequest(head.isEndStream());
    }

    private void readData(Http2DataFrame data) {
        if (isRunning()) {
            messages.read(data.content());
        }
        endRequest(data.isEndStream());
    }

    private boolean isRunning() {
        return answer != null && !answer.hasEnded();
    }

    private void endRequest(boolean ends) {
        requestEnded |= ends;
        if (ends && isRunning() && call != null) {
            call.halfClose();
        }
    }

    private void begin(Http2Headers head) {
        if (!"POST".contentEquals(head.method())) {
            Http2Headers refusal = new DefaultHttp2Headers(false).status("405");
            stream.writeAndFlush(new DefaultHttp2HeadersFrame(refusal, true));
            requestEnded = true;
            return;
        }
        try {
            begin(GrpcRequest.of(head, stream.parent().remoteAddress()));
        } catch (IllegalArgumentException e) {
            refuseHead(e);
        }
    }

    private void begin(GrpcRequest request) {
        GrpcAnswer answer = new GrpcAnswer(outbox, request, this);
        this.answer = answer;
        gzip = request.encoding().equals("gzip");
        if (!request.hasKnownEncoding()) {
            refuse(Status.UNIMPLEMENTED.withDescription("unknown encoding " + request.encoding()));
            return;
        }
        ClientCall<InputStream, ByteBuf> call = calls.call(request);
        this.call = call;
        call.start(answer, request.metadata());
        requestMore();
    }

    private void refuseHead(IllegalArgumentException cause) {
        Status status = Status.INTERNAL.withDescription("malformed request: " + cause.getMessage());
        Http2Headers refusal = GrpcHeaders.trailers(status, new Metadata(), true);
        stream.writeAndFlush(new DefaultHttp2HeadersFrame(refusal, true));
        requestEnded = true;
    }

    @Override
    public void message(byte[] message, boolean compressed) {
        if (call == null) {
            return;
        }
        if (compressed && !gzip) {
            refuse(Status.INTERNAL.withDescription("compressed message without grpc-encoding"));
            return;
        }
        call.sendMessage(
                compressed
                        ? new GzipMessage(message, calls.messageBytesMax(), this::end)
                        : new GrpcMessage(message));
        pauseIfUnread(call, message.length);
    }

    private void pauseIfUnread(ClientCall<InputStream, ByteBuf> call, int bytes) {
        unreadBytes = call.isReady() ? 0 : unreadBytes + bytes;
        if (unreadBytes > UNREAD_BYTES_MAX) {
            stream.config().setAutoRead(false);
        }
    }

    @Override
    public void ready() {
        stream.eventLoop()
                .execute(
                        () -> {
                            unreadBytes = 0;
                            stream.config().setAutoRead(true);
                        });
    }

    @Override
    public void refuse(Status status) {
        end(status);
        if (call != null) {
            call.cancel("refused by the listener", null);
        }
    }

    private void end(Status status) {
        if (answer != null) {
            answer.end(status, new Metadata());
        }
    }

    @Override
    public void messageSent(int bytes) {
        messageBytes = bytes;
        messagesAsked.decrementAndGet();
    }

    private void afterWriting() {
        if (isRunning()) {
            requestMore();
        } else {
            linger();
        }
    }

    /// Asks for as many messages of the last one's size as may wait here.
    private void requestMore() {
        int ahead = Math.clamp(BYTES_AHEAD_MAX / Math.max(1, messageBytes), 1, MESSAGES_AHEAD_MAX);
        int messages = ahead - messagesAsked.get();
        if (messages > 0 && call != null) {
            messagesAsked.addAndGet(messages);
            call.request(messages);
        }
    }

    /// Goes on reading what the client may still send, so that it can end its side in peace.
    private void linger() {
        if (!requestEnded && !lingering) {
            lingering = true;
            stream.config().setAutoRead(true);
            stream.eventLoop().schedule(() -> stream.close(), LINGER_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (isRunning() && call != null) {
            call.cancel("the client left", null);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        StreamDispatch.closeUnlessReset(context, cause);
    }
}
