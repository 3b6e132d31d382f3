package dev.tandem.edge.socket;

/// Why a WebSocket ends.
///
/// @param code one of RFC 6455, 7.4.1; [#NO_CODE] where a client gave none
/// @param reason for a person; at most 123 bytes
record Closing(int code, String reason) {
    static final int NO_CODE = 1005;

    private static final int NORMAL = 1000;
    private static final int GOING_AWAY = 1001;
    private static final int PROTOCOL_ERROR = 1002;
    private static final int UNSUPPORTED = 1003;
    private static final int NOT_UTF8 = 1007;
    private static final int POLICY = 1008;
    private static final int TOO_LARGE = 1009;
    private static final int INTERNAL = 1011;

    static Closing normal(String reason) {
        return new Closing(NORMAL, reason);
    }

    static Closing goingAway() {
        return new Closing(GOING_AWAY, "the server stops");
    }

    static Closing protocolError(String reason) {
        return new Closing(PROTOCOL_ERROR, reason);
    }

    static Closing binary() {
        return new Closing(UNSUPPORTED, "messages are JSON in text frames");
    }

    static Closing notUtf8() {
        return new Closing(NOT_UTF8, "a text frame must be UTF-8");
    }

    static Closing policy(String reason) {
        return new Closing(POLICY, reason);
    }

    static Closing tooLarge(int bytesMax) {
        return new Closing(TOO_LARGE, "a message may have " + bytesMax + " bytes");
    }

    static Closing internal() {
        return new Closing(INTERNAL, "something went wrong in the server");
    }

    /// Whether a client may close with a code: those that are reserved for what was never sent, and
    /// those that nobody has defined, break the protocol.
    static boolean maySay(int code) {
        boolean defined = code >= 1000 && code <= 1014 && code != 1004 && code != 1005;
        return (defined && code != 1006) || (code >= 3000 && code <= 4999);
    }
}
