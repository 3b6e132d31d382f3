package dev.tandem.edge.listener;

import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Error;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2HeadersFrame;
import io.grpc.netty.shaded.io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/// Reads the head of a new stream and hands the stream to whom its content-type names.
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes its channel
final class StreamDispatch extends ChannelInboundHandlerAdapter {

    private static final String GRPC = "application/grpc";

    private final GrpcCalls calls;
    private final RestStreams rest;
    private final Deadline firstRequest;

    StreamDispatch(GrpcCalls calls, RestStreams rest, Deadline firstRequest) {
        this.calls = calls;
        this.rest = rest;
        this.firstRequest = firstRequest;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof Http2HeadersFrame head) || !isRequest(head.headers())) {
            ReferenceCountUtil.release(message);
            context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.PROTOCOL_ERROR));
            return;
        }
        firstRequest.clear();
        ChannelHandler stream =
                isGrpc(head.headers().get("content-type"))
                        ? new GrpcStream(context.channel(), calls)
                        : rest.stream(context.channel());
        context.pipeline().replace(this, null, stream);
        context.pipeline().fireChannelRead(message);
    }

    private static boolean isRequest(Http2Headers head) {
        return head.method() != null
                && head.scheme() != null
                && head.path() != null
                && !head.path().isEmpty();
    }

    /// `application/grpc`, or that with a codec or a parameter; not gRPC-Web, which is plain HTTP.
    private static boolean isGrpc(@Nullable CharSequence contentType) {
        String type = contentType == null ? "" : contentType.toString();
        return type.startsWith(GRPC)
                && (type.length() == GRPC.length()
                        || type.charAt(GRPC.length()) == '+'
                        || type.charAt(GRPC.length()) == ';');
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        closeUnlessReset(context, cause);
    }

    /// Closes a stream that failed, except that Netty resets one with the code of the peer's fault.
    static void closeUnlessReset(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof Http2Exception)) {
            context.channel().close();
        }
    }
}
