package dev.tandem.edge.listener;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;

/// Finds the messages in a gRPC request's bytes. It never holds more than one message that is not
/// complete, and never makes room for one on the word of its length alone.
final class MessageReader {

    /// What stands before every message: whether it is compressed, and its length.
    static final int PREFIX_BYTES = 5;

    /// Takes what was found, in order. Nothing follows a refusal.
    interface Sink {
        void message(byte[] message, boolean compressed);

        void refuse(Status status);
    }

    private final int messageBytesMax;
    private final Sink sink;
    private ByteBuf rest = Unpooled.EMPTY_BUFFER;
    private boolean refused;

    MessageReader(int messageBytesMax, Sink sink) {
        this.messageBytesMax = messageBytesMax;
        this.sink = sink;
    }

    void read(ByteBuf data) {
        boolean joined = rest.isReadable();
        ByteBuf bytes = joined ? rest.writeBytes(data) : data;
        while (!refused && readMessage(bytes)) {
            // until no complete message is left
        }
        keepRest(bytes, joined);
    }

    private boolean readMessage(ByteBuf bytes) {
        if (bytes.readableBytes() < PREFIX_BYTES) {
            return false;
        }
        int start = bytes.readerIndex();
        byte flags = bytes.getByte(start);
        long length = bytes.getUnsignedInt(start + 1);
        if (flags < 0 || flags > 1) {
            refuse(Status.INTERNAL.withDescription("gRPC frame with reserved bits set"));
        } else if (length > messageBytesMax) {
            refuse(tooLarge(length, messageBytesMax));
        } else if (bytes.readableBytes() >= PREFIX_BYTES + length) {
            byte[] message = new byte[(int) length];
            bytes.skipBytes(PREFIX_BYTES).readBytes(message);
            sink.message(message, flags == 1);
            return true;
        }
        return false;
    }

    static Status tooLarge(long length, int max) {
        return Status.RESOURCE_EXHAUSTED.withDescription(
                "gRPC message of " + length + " bytes exceeds the maximum of " + max);
    }

    private void refuse(Status status) {
        refused = true;
        sink.refuse(status);
    }

    private void keepRest(ByteBuf bytes, boolean joined) {
        if (refused || !bytes.isReadable()) {
            rest = Unpooled.EMPTY_BUFFER;
        } else if (joined) {
            rest.discardSomeReadBytes();
        } else {
            rest = Unpooled.buffer(bytes.readableBytes()).writeBytes(bytes);
        }
    }
}
