package dev.tandem.launch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.tandem.observe.AccessLog;
import java.io.Console;
import java.util.List;
import java.util.Optional;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// Sets up the log: lines on standard output, everything routed through SLF4J, libraries quiet.
final class Logging {
    /// Libraries that tell their own operators more than ours want to know.
    private static final List<String> NOISY =
            List.of(
                    "io.helidon",
                    "io.grpc",
                    "io.netty",
                    "io.micrometer",
                    "org.flywaydb",
                    "org.yaml");

    private Logging() {}

    /// Sets the log up anew.
    ///
    /// @param onTerminal whether a person reads along
    static void configure(LogSettings settings, boolean onTerminal) {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (!(factory instanceof LoggerContext context)) {
            throw new IllegalStateException("logback must be the logger, is " + factory);
        }
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        configure(context, console, settings, onTerminal);
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    static void configure(
            LoggerContext context,
            OutputStreamAppender<ILoggingEvent> appender,
            LogSettings settings,
            boolean onTerminal) {
        context.reset();
        appender.setContext(context);
        appender.setName("out");
        appender.setEncoder(encoder(context, settings.isText(onTerminal)));
        appender.start();
        setLevels(context, settings);
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    }

    /// Whether standard output is a terminal. JDK 25 has no console where it is none.
    @SuppressWarnings("SystemConsoleNull") // the check was made for the JDKs before 25
    static boolean onTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, boolean text) {
        Encoder<ILoggingEvent> encoder = text ? new TextLines() : new JsonLines();
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    private static void setLevels(LoggerContext context, LogSettings settings) {
        Level level = Level.toLevel(settings.level().name());
        Level calm = level.isGreaterOrEqual(Level.INFO) ? level : Level.INFO;
        Level quiet = level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN;
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(calm);
        context.getLogger("dev.tandem").setLevel(level);
        context.getLogger(AccessLog.LOGGER).setLevel(settings.access() ? level : Level.OFF);
        NOISY.forEach(name -> context.getLogger(name).setLevel(quiet));
        // It tells of a port that is taken, in thirty lines; the start ends with one of our own.
        context.getLogger("io.helidon.webserver.LoomServer").setLevel(Level.OFF);
        settings.debug().forEach(name -> context.getLogger(name).setLevel(Level.TRACE));
    }
}
