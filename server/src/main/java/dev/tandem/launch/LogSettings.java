package dev.tandem.launch;

import java.util.List;

/// What the server logs, and how.
///
/// @param level of the server's own loggers
/// @param format how a line looks
/// @param debug loggers that log everything, whatever the level
/// @param access whether every call is a line
record LogSettings(Level level, Format format, List<String> debug, boolean access) {

    LogSettings {
        debug = List.copyOf(debug);
    }

    static LogSettings defaults() {
        return new LogSettings(Level.INFO, Format.AUTO, List.of(), true);
    }

    /// Whether the log is lines for people.
    boolean isText(boolean onTerminal) {
        return switch (format) {
            case AUTO -> onTerminal;
            case TEXT -> true;
            case JSON -> false;
        };
    }

    static LogSettings read(Section log) {
        LogSettings d = defaults();
        return new LogSettings(
                log.word("level", d.level()),
                log.word("format", d.format()),
                log.texts("debug", d.debug()),
                log.flag("access", d.access()));
    }

    /// From quiet to talkative.
    enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    /// How a line looks.
    enum Format {
        /// Text on a terminal, JSON otherwise.
        AUTO,
        TEXT,
        JSON
    }
}
