package dev.tandem.edge.listener;

import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// A compressed request message. It is unpacked by the thread that parses it, and only up to the
/// limit; a message beyond it, or one that is no gzip, ends the call.
final class GzipMessage extends InputStream {

    private final byte[] packed;
    private final int bytesMax;
    private final Consumer<Status> refuse;
    private @Nullable InputStream unpacked;
    private long count;

    GzipMessage(byte[] packed, int bytesMax, Consumer<Status> refuse) {
        this.packed = packed;
        this.bytesMax = bytesMax;
        this.refuse = refuse;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = unpack(target, offset, length);
        count += Math.max(read, 0);
        if (count > bytesMax) {
            throw refused(MessageReader.tooLarge(count, bytesMax));
        }
        return read;
    }

    private int unpack(byte[] target, int offset, int length) {
        try {
            if (unpacked == null) {
                unpacked = new GZIPInputStream(new ByteArrayInputStream(packed));
            }
            return unpacked.read(target, offset, length);
        } catch (IOException e) {
            throw refused(Status.INTERNAL.withDescription("gRPC message is not valid gzip"));
        }
    }

    private RuntimeException refused(Status status) {
        refuse.accept(status);
        return status.asRuntimeException();
    }
}
