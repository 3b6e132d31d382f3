package dev.tandem.launch;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/// Log lines for people: time, level, request, logger, message and its values.
final class TextLines extends EncoderBase<ILoggingEvent> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
        line.append(' ').append(event.getLevel());
        line.append(" ".repeat(Math.max(1, 6 - event.getLevel().toString().length())));
        String request = event.getMDCPropertyMap().get("request");
        if (request != null) {
            line.append('[').append(oneLine(request)).append("] ");
        }
        line.append(shortName(event.getLoggerName())).append(": ");
        line.append(oneLine(String.valueOf(event.getFormattedMessage())));
        appendValues(event.getKeyValuePairs(), line);
        line.append('\n');
        if (event.getThrowableProxy() != null) {
            line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }

    private static void appendValues(List<KeyValuePair> values, StringBuilder line) {
        if (values == null) {
            return;
        }
        for (KeyValuePair value : values) {
            line.append(' ').append(value.key).append('=');
            line.append(oneLine(String.valueOf(value.value)));
        }
    }

    private static String shortName(String logger) {
        return logger.substring(logger.lastIndexOf('.') + 1);
    }

    /// What came from a client must not begin a line of its own, nor move the cursor.
    private static String oneLine(String text) {
        if (text.chars().noneMatch(Character::isISOControl)) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text.length() + 8);
        text.chars()
                .forEach(
                        c -> {
                            if (c == '\n') {
                                clean.append("\\n");
                            } else {
                                clean.append(Character.isISOControl(c) ? '?' : (char) c);
                            }
                        });
        return clean.toString();
    }
}
