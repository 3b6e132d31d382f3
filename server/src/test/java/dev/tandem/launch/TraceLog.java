package dev.tandem.launch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.LoggerFactory;

/// The log of this process at its most talkative, as long as it is open.
final class TraceLog implements AutoCloseable {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    private final List<Logger> loggers;

    TraceLog() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        JsonLines lines = new JsonLines();
        lines.setContext(context);
        lines.start();
        appender.setContext(context);
        appender.setEncoder(lines);
        appender.setOutputStream(written);
        appender.start();
        loggers = List.of(context.getLogger("dev.tandem"), context.getLogger("tandem.access"));
        for (Logger logger : loggers) {
            logger.setLevel(Level.TRACE);
            logger.setAdditive(false);
            logger.addAppender(appender);
        }
    }

    /// What was logged so far.
    String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        for (Logger logger : loggers) {
            logger.detachAppender(appender);
            logger.setAdditive(true);
            logger.setLevel(null);
        }
    }
}
