package dev.tandem.edge.socket;

import dev.tandem.edge.json.JsonOut;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Frames that wait to be sent together. A server's frames are whole messages, and not masked.
final class Frames {
    private static final int LAST = 0x80;
    private static final int TEXT = LAST | 0x1;
    private static final int CLOSE = LAST | 0x8;
    private static final int PING = LAST | 0x9;
    private static final int PONG = LAST | 0xa;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    static Frames text(JsonOut message) {
        return new Frames().addText(message);
    }

    static Frames ping() {
        return new Frames().head(PING, 0);
    }

    static Frames pong(byte[] payload) {
        return new Frames().head(PONG, payload.length).body(payload);
    }

    static Frames close(Closing closing) {
        if (closing.code() == Closing.NO_CODE) {
            return new Frames().head(CLOSE, 0);
        }
        byte[] reason = closing.reason().getBytes(StandardCharsets.UTF_8);
        byte[] code = {(byte) (closing.code() >> 8), (byte) closing.code()};
        return new Frames().head(CLOSE, code.length + reason.length).body(code).body(reason);
    }

    Frames addText(JsonOut message) {
        head(TEXT, message.size());
        try {
            message.writeTo(bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return this;
    }

    int size() {
        return bytes.size();
    }

    /// What was added, to be sent now.
    byte[] take() {
        byte[] taken = bytes.toByteArray();
        bytes.reset();
        return taken;
    }

    private Frames head(int first, int length) {
        bytes.write(first);
        if (length < 126) {
            bytes.write(length);
        } else if (length < 1 << 16) {
            bytes.write(126);
            number(length, 2);
        } else {
            bytes.write(127);
            number(length, 8);
        }
        return this;
    }

    private void number(long number, int octets) {
        for (int shift = (octets - 1) * 8; shift >= 0; shift -= 8) {
            bytes.write((int) (number >> shift));
        }
    }

    private Frames body(byte[] payload) {
        bytes.writeBytes(payload);
        return this;
    }
}
