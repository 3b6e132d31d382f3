package dev.tandem.launch;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/// Log lines for programs: one JSON object each.
final class JsonLines extends EncoderBase<ILoggingEvent> {
    private static final JsonFactory JSON = new JsonFactory();

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            write(event, json);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        line.write('\n');
        return line.toByteArray();
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }

    private static void write(ILoggingEvent event, JsonGenerator json) throws IOException {
        json.writeStringField("time", Instant.ofEpochMilli(event.getTimeStamp()).toString());
        json.writeStringField("level", event.getLevel().toString());
        json.writeStringField("logger", event.getLoggerName());
        json.writeStringField("message", String.valueOf(event.getFormattedMessage()));
        for (Map.Entry<String, String> context : event.getMDCPropertyMap().entrySet()) {
            json.writeStringField(context.getKey(), context.getValue());
        }
        writeValues(event.getKeyValuePairs(), json);
        json.writeStringField("thread", event.getThreadName());
        if (event.getThrowableProxy() != null) {
            json.writeStringField("error", ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
    }

    private static void writeValues(List<KeyValuePair> values, JsonGenerator json)
            throws IOException {
        if (values == null) {
            return;
        }
        for (KeyValuePair value : values) {
            json.writeFieldName(value.key);
            switch (value.value) {
                case Long number -> json.writeNumber(number);
                case Integer number -> json.writeNumber(number);
                case Double number -> json.writeNumber(number);
                case Boolean truth -> json.writeBoolean(truth);
                case null -> json.writeNull();
                default -> json.writeString(String.valueOf(value.value));
            }
        }
    }
}
