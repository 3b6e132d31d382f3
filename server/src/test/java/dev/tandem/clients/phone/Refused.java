package dev.tandem.clients.phone;

/// The server has answered, and says no.
final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;
    private final String param;
    private final boolean later;

    /// @param code as one of the words of the error table
    /// @param param the parameter at fault; empty for none
    /// @param later whether the same may succeed later
    Refused(String code, String param, String message, boolean later) {
        super(code + " " + param + ": " + message);
        this.code = code;
        this.param = param;
        this.later = later;
    }

    String code() {
        return code;
    }

    String param() {
        return param;
    }

    boolean mayComeAgain() {
        return later;
    }
}
