package dev.tandem.edge.socket;

import io.helidon.common.buffers.DataReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads a client's frames (RFC 6455, 5) and puts messages together. It holds no more than one
/// message, and grows only with what has arrived. One thread reads.
///
/// Helidon's own reader decodes each frame by itself, which garbles a character that two frames
/// share, and replaces bytes that are no UTF-8 where the protocol demands the end.
final class FrameReader {
    private static final int CONTINUATION = 0x0;
    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xa;

    private static final int LAST = 0x80;
    private static final int RESERVED = 0x70;
    private static final int MASKED = 0x80;
    private static final int MASK_BYTES = 4;
    private static final int CONTROL_BYTES_MAX = 125;

    /// So much of a frame is as good as a whole one as a sign of life.
    private static final int PIECE_BYTES = 16 << 10;

    private final DataReader socket;
    private final int messageBytesMax;
    private final Runnable heard;
    private @Nullable ByteArrayOutputStream message;

    /// @param heard called for each sign of life
    FrameReader(DataReader socket, int messageBytesMax, Runnable heard) {
        this.socket = socket;
        this.messageBytesMax = messageBytesMax;
        this.heard = heard;
    }

    /// Waits for what the client says next.
    ///
    /// @throws DataReader.InsufficientDataAvailableException when it has left without a word
    Incoming next() throws ProtocolViolation {
        while (true) {
            int first = octet();
            int second = octet();
            require((first & RESERVED) == 0, "no extension was agreed on");
            require((second & MASKED) != 0, "a client's frames must be masked");
            int opcode = first & 0xf;
            boolean last = (first & LAST) != 0;
            long length = length(second & ~MASKED);
            if (opcode >= CLOSE) {
                return control(opcode, last, length);
            }
            ByteArrayOutputStream whole = continued(opcode, length);
            payload((int) length, whole);
            if (last) {
                message = null;
                return text(whole.toByteArray());
            }
        }
    }

    private int octet() {
        return socket.read() & 0xff;
    }

    private long length(int shortLength) {
        return switch (shortLength) {
            case 126 -> number(2);
            case 127 -> number(8);
            default -> shortLength;
        };
    }

    private long number(int octets) {
        long number = 0;
        for (int i = 0; i < octets; i++) {
            number = number << 8 | octet();
        }
        return number;
    }

    private Incoming control(int opcode, boolean last, long length) throws ProtocolViolation {
        require(last, "a control frame must be whole");
        require(length >= 0 && length <= CONTROL_BYTES_MAX, "a control frame has up to 125 bytes");
        ByteArrayOutputStream payload = new ByteArrayOutputStream(CONTROL_BYTES_MAX);
        payload((int) length, payload);
        return switch (opcode) {
            case CLOSE -> new Incoming.Close(closing(payload.toByteArray()));
            case PING -> new Incoming.Ping(payload.toByteArray());
            case PONG -> new Incoming.Pong();
            default -> throw unknown(opcode);
        };
    }

    /// The message that a frame belongs to.
    private ByteArrayOutputStream continued(int opcode, long length) throws ProtocolViolation {
        ByteArrayOutputStream whole = message;
        switch (opcode) {
            case CONTINUATION -> require(whole != null, "there is no message to continue");
            case TEXT -> require(whole == null, "the last message has not ended yet");
            case BINARY -> throw new ProtocolViolation(Closing.binary());
            default -> throw unknown(opcode);
        }
        if (whole == null) {
            whole = new ByteArrayOutputStream();
            message = whole;
        }
        if (length < 0 || length > messageBytesMax - whole.size()) {
            throw new ProtocolViolation(Closing.tooLarge(messageBytesMax));
        }
        return whole;
    }

    private void payload(int length, ByteArrayOutputStream into) {
        byte[] mask = socket.readBytes(MASK_BYTES);
        int at = 0;
        int pieceEnd = PIECE_BYTES;
        while (at < length) {
            socket.ensureAvailable();
            byte[] bytes = socket.readBytes(Math.min(socket.available(), length - at));
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] ^= mask[(at + i) & 3];
            }
            into.writeBytes(bytes);
            at += bytes.length;
            if (at >= pieceEnd) {
                pieceEnd = at + PIECE_BYTES;
                heard.run();
            }
        }
        heard.run();
    }

    private static Incoming text(byte[] utf8) throws ProtocolViolation {
        requireUtf8(ByteBuffer.wrap(utf8));
        return new Incoming.Text(utf8);
    }

    private static Closing closing(byte[] payload) throws ProtocolViolation {
        if (payload.length == 0) {
            return new Closing(Closing.NO_CODE, "");
        }
        require(payload.length >= 2, "a code has two bytes");
        ByteBuffer rest = ByteBuffer.wrap(payload);
        int code = rest.getShort() & 0xffff;
        require(Closing.maySay(code), "nobody may close with the code " + code);
        return new Closing(code, requireUtf8(rest));
    }

    private static String requireUtf8(ByteBuffer bytes) throws ProtocolViolation {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException malformed) {
            throw new ProtocolViolation(Closing.notUtf8());
        }
    }

    private static ProtocolViolation unknown(int opcode) {
        return new ProtocolViolation(
                Closing.protocolError("there are no frames of the kind " + opcode));
    }

    private static void require(boolean holds, String claim) throws ProtocolViolation {
        if (!holds) {
            throw new ProtocolViolation(Closing.protocolError(claim));
        }
    }
}
