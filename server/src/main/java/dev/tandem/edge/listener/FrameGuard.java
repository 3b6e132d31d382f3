package dev.tandem.edge.listener;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.ChannelDuplexHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelPromise;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameCodec;
import io.grpc.netty.shaded.io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/// Looks at each frame of a client before Netty's codec does, and ends the connection over what the
/// codec lets pass: frames out of order, floods of frames that cost us more than the client, and
/// heads that never end.
final class FrameGuard extends ChannelDuplexHandler {

    private final Http2FrameCodec codec;
    private final StreamOrder order = new StreamOrder();
    private final FrameBudget budget;
    private final HeadTimer timer;
    private final FrameHeads heads = new FrameHeads();
    private boolean refused;

    FrameGuard(Http2FrameCodec codec, FrameBudget budget, HeadTimer timer) {
        this.codec = codec;
        this.budget = budget;
        this.timer = timer;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (refused || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        int begin = bytes.readerIndex();
        ByteBuf ahead = bytes.duplicate();
        Http2Exception offence = firstOffence(ahead);
        if (offence != null) {
            bytes.writerIndex(Math.max(begin, ahead.readerIndex() - FrameHeads.BYTES));
        }
        context.fireChannelRead(bytes);
        timer.look(heads);
        if (offence != null) {
            refused = true;
            codec.onError(context.pipeline().context(codec), false, offence);
        }
    }

    private @Nullable Http2Exception firstOffence(ByteBuf ahead) {
        while (heads.next(ahead)) {
            timer.begin(heads);
            Http2Exception offence = order.check(heads);
            offence = offence == null ? budget.check(heads) : offence;
            if (offence != null) {
                return offence;
            }
        }
        return null;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
            throws Exception {
        if (message instanceof ByteBuf bytes) {
            budget.sent(bytes.readableBytes());
        }
        super.write(context, message, promise);
    }
}
