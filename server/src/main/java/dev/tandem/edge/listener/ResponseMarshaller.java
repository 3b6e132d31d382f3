package dev.tandem.edge.listener;

import io.grpc.Drainable;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufOutputStream;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/// Turns a response message into its frame: one byte that says "not compressed", four for the
/// length, and the message.
final class ResponseMarshaller implements Marshaller<ByteBuf> {

    @Override
    public InputStream stream(ByteBuf frame) {
        throw new UnsupportedOperationException(
                "responses are written by the service's own method");
    }

    @Override
    public ByteBuf parse(InputStream message) {
        try (OutputStream out =
                new ByteBufOutputStream(
                        Unpooled.buffer(MessageReader.PREFIX_BYTES + message.available()))) {
            ByteBuf frame = ((ByteBufOutputStream) out).buffer();
            frame.writeZero(MessageReader.PREFIX_BYTES);
            if (message instanceof Drainable drainable) {
                drainable.drainTo(out);
            } else {
                message.transferTo(out);
            }
            return frame.setInt(1, frame.readableBytes() - MessageReader.PREFIX_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
