package dev.tandem.edge.listener;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;

/// Finds the frames in what an HTTP/2 client sends, without keeping any of them: what stands at a
/// frame's head is known as soon as the nine bytes are here.
final class FrameHeads {

    static final int BYTES = 9;

    private static final int PREFACE_BYTES = 24;

    private final byte[] head = new byte[BYTES];
    private int headBytes;
    private int payloadLeft = PREFACE_BYTES;

    /// Reads on to the end of the next frame's head.
    ///
    /// @return false if the bytes end before it
    boolean next(ByteBuf bytes) {
        int payload = Math.min(payloadLeft, bytes.readableBytes());
        bytes.skipBytes(payload);
        payloadLeft -= payload;
        if (payloadLeft > 0) {
            return false;
        }
        int count = Math.min(BYTES - headBytes, bytes.readableBytes());
        bytes.readBytes(head, headBytes, count);
        headBytes += count;
        if (headBytes < BYTES) {
            return false;
        }
        headBytes = 0;
        payloadLeft = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
        return true;
    }

    /// Whether the bytes so far end within a frame's head.
    boolean isWithinHead() {
        return headBytes > 0;
    }

    /// Whether the bytes so far end within the payload of the frame whose head was read last.
    boolean isWithinPayload() {
        return payloadLeft > 0;
    }

    int type() {
        return head[3] & 0xff;
    }

    boolean hasFlag(int flag) {
        return (head[4] & flag) != 0;
    }

    int stream() {
        return (head[5] & 0x7f) << 24
                | (head[6] & 0xff) << 16
                | (head[7] & 0xff) << 8
                | (head[8] & 0xff);
    }
}
