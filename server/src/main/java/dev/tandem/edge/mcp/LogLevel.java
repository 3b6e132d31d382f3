package dev.tandem.edge.mcp;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How much a message for the client's log matters, the least first.
enum LogLevel {
    DEBUG,
    INFO,
    NOTICE,
    WARNING,
    ERROR,
    CRITICAL,
    ALERT,
    EMERGENCY;

    private final String word = name().toLowerCase(Locale.ROOT);

    String word() {
        return word;
    }

    static Optional<LogLevel> of(String word) {
        return Arrays.stream(values()).filter(level -> level.word.equals(word)).findFirst();
    }

    /// @throws RpcError INVALID_PARAMS where it is none
    static LogLevel read(String word) {
        return of(word).orElseThrow(
                        () ->
                                RpcError.invalidParams(
                                        "The log level must be debug, info, notice, warning, error,"
                                                + " critical, alert or emergency, was '"
                                                + word
                                                + "'."));
    }
}
