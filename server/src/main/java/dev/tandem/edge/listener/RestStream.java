package dev.tandem.edge.listener;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufUtil;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2DataFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Error;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2HeadersFrame;
import io.grpc.netty.shaded.io.netty.util.ReferenceCountUtil;
import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.spi.ServerConnection;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One plain HTTP request over HTTP/2: the frames of a stream on one side, on the other an HTTP/1.1
/// connection into Helidon that lasts for this request.
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes its channel
final class RestStream extends ChannelInboundHandlerAdapter implements WatchedRouting.Watch {

    private static final Logger LOG = System.getLogger(RestStream.class.getName());

    /// Body bytes that may wait for a handler which does not read them.
    private static final int UNREAD_BYTES_MAX = 64 << 10;

    /// How long a client may take to say that its request ends, after all of its body.
    private static final int LINGER_SECONDS = 10;

    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};

    private final Channel stream;
    private final RestStreams streams;
    private final HandlerWatch watch = new HandlerWatch();
    private final ByteQueue received = new ByteQueue(UNREAD_BYTES_MAX);
    private final RequestBytes requestBytes;
    private @Nullable RestAnswer answer;
    private boolean chunked;
    private boolean handling;
    private long bodyBytesLeft = Long.MAX_VALUE;
    private volatile boolean bodyComplete;
    private volatile boolean requestEnded;
    private volatile boolean paused;

    RestStream(Channel stream, RestStreams streams) {
        this.stream = stream;
        this.streams = streams;
        this.requestBytes = new RequestBytes(received, streams.settings().timeouts().body());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
        try {
            if (frame instanceof Http2HeadersFrame head) {
                readHead(head);
            } else if (frame instanceof Http2DataFrame data) {
                readBody(data);
            }
        } finally {
            ReferenceCountUtil.release(frame);
        }
    }

    /// A second head is the request's trailers, which no handler asks for.
    private void readHead(Http2HeadersFrame frame) {
        if (answer != null) {
            endRequest(frame.isEndStream());
            return;
        }
        RequestHead.of(frame.headers(), !frame.isEndStream())
                .ifPresentOrElse(
                        head -> begin(head, frame.isEndStream()),
                        () ->
                                stream.writeAndFlush(
                                        new DefaultHttp2ResetFrame(Http2Error.PROTOCOL_ERROR)));
    }

    private void begin(RequestHead head, boolean ends) {
        RestAnswer answer = new RestAnswer(stream, head.isHead());
        this.answer = answer;
        chunked = head.isChunked();
        bodyBytesLeft = head.bodyBytes();
        bodyComplete = bodyBytesLeft == 0;
        received.add(head.bytes());
        endRequest(ends);
        Thread.ofVirtual().name("http2-request").start(() -> serve(answer));
    }

    private void readBody(Http2DataFrame data) {
        ByteBuf content = data.content();
        if (content.isReadable()) {
            bodyBytesLeft -= content.readableBytes();
            bodyComplete = bodyBytesLeft <= 0;
            if (chunked) {
                received.add(chunkSize(content.readableBytes()));
            }
            received.add(ByteBufUtil.getBytes(content));
            if (chunked) {
                received.add(LINE_END);
            }
            pauseIfFull();
        }
        endRequest(data.isEndStream());
    }

    private static byte[] chunkSize(int size) {
        return (Integer.toHexString(size) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private void endRequest(boolean ends) {
        if (ends) {
            requestEnded = true;
            if (chunked) {
                received.add(LAST_CHUNK);
            }
            received.end();
        }
    }

    private void pauseIfFull() {
        if (received.isFull()) {
            stream.config().setAutoRead(false);
            paused = true;
            resumeIfRoom();
        }
    }

    private void resumeIfRoom() {
        if (paused && !received.isFull()) {
            paused = false;
            stream.eventLoop().execute(() -> stream.config().setAutoRead(true));
        }
    }

    private void serve(RestAnswer answer) {
        DataReader reader = DataReader.create(this::next);
        ServerConnection connection =
                streams.http1()
                        .connection(
                                new InnerContext(
                                        streams.context(),
                                        reader,
                                        answer,
                                        new WatchedRouter(streams.context().router(), this),
                                        streams.context().isSecure()));
        try {
            connection.handle(streams.limit());
        } catch (CloseConnectionException e) {
            // the usual end: the request was answered, or the client left
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "request over HTTP/2 failed", e);
        } finally {
            answer.close(requestEnded || bodyComplete);
            linger();
        }
    }

    /// Some clients say in a frame of its own that their request ends, after a body whose length
    /// they announced. They do not expect a reset in its place.
    private void linger() {
        if (bodyComplete && !requestEnded) {
            stream.eventLoop().schedule(this::resetUnlessEnded, LINGER_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void resetUnlessEnded() {
        if (!requestEnded) {
            stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
        }
    }

    private byte @Nullable [] next() {
        if (answer == null || answer.isDone()) {
            return null;
        }
        byte[] bytes = handling ? requestBytes.ofBody() : requestBytes.ofHead();
        resumeIfRoom();
        return bytes;
    }

    @Override
    public void begin() {
        handling = true;
        watch.begin();
    }

    @Override
    public void end() {
        watch.end();
        handling = false;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        received.end();
        if (answer != null && !answer.isDone()) {
            answer.clientLeft();
            watch.clientLeft();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        StreamDispatch.closeUnlessReset(context, cause);
    }
}
