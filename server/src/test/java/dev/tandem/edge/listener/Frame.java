package dev.tandem.edge.listener;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;

/// One HTTP/2 frame.
record Frame(int type, int flags, int stream, ByteString payload, long atNanos) {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;

    boolean is(int type, int stream) {
        return this.type == type && this.stream == stream;
    }

    boolean endsStream() {
        return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }

    boolean isAck() {
        return (flags & ACK) != 0;
    }

    /// The error code of RST_STREAM, the last stream of GOAWAY, the increment of WINDOW_UPDATE.
    int number() {
        return payload.asReadOnlyByteBuffer().getInt();
    }

    int goAwayCode() {
        return payload.asReadOnlyByteBuffer().getInt(4);
    }

    String text() {
        return payload.toString(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        String number =
                type == RST_STREAM || type == GOAWAY ? " " + Integer.toHexString(number()) : "";
        return "[type " + type + " flags " + flags + " stream " + stream + number + "]";
    }
}
