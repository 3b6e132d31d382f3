package dev.tandem.edge.listener;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.ChannelOutboundBuffer.MessageProcessor;
import java.util.Arrays;

/// Joins buffers into one array to write at once: a frame is often a handful of bytes.
final class WriteBatch implements MessageProcessor {

    private static final int BYTES_MAX = 64 << 10;

    private byte[] bytes;
    private int length;
    private int buffers;

    /// @param pendingBytes how much waits to be written
    WriteBatch(long pendingBytes) {
        bytes = new byte[(int) Math.min(pendingBytes, BYTES_MAX)];
    }

    /// Takes a buffer if there is room for it; the first one is always taken.
    @Override
    public boolean processMessage(Object message) {
        ByteBuf buffer = (ByteBuf) message;
        int count = buffer.readableBytes();
        if (length + count > bytes.length) {
            if (buffers > 0) {
                return false;
            }
            bytes = new byte[count];
        }
        buffer.getBytes(buffer.readerIndex(), bytes, length, count);
        length += count;
        buffers++;
        return true;
    }

    byte[] bytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    int buffers() {
        return buffers;
    }
}
