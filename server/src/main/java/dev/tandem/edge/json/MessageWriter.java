package dev.tandem.edge.json;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import java.util.Base64;
import java.util.List;

/// Writes messages.
final class MessageWriter {
    private MessageWriter() {}

    static void write(Message message, JsonOut out) {
        MessageShape shape = MessageShape.of(message.getDescriptorForType());
        out.beginObject();
        if (shape.isList()) {
            out.name("object").value("list");
        }
        for (FieldShape field : shape.inOrder()) {
            if (field.isAlwaysWritten() || message.hasField(field.field)) {
                out.name(field.quotedName);
                field(message.getField(field.field), field, out);
            }
        }
        out.endObject();
    }

    private static void field(Object value, FieldShape shape, JsonOut out) {
        if (shape.mapValue != null) {
            map((List<?>) value, shape.mapValue, out);
        } else if (shape.field.isRepeated()) {
            out.beginArray();
            for (Object element : (List<?>) value) {
                single(element, shape, out);
            }
            out.endArray();
        } else {
            single(value, shape, out);
        }
    }

    private static void map(List<?> entries, FieldShape valueShape, JsonOut out) {
        out.beginObject();
        for (Object each : entries) {
            MapEntry<?, ?> entry = (MapEntry<?, ?>) each;
            out.name(String.valueOf(entry.getKey()));
            single(entry.getField(valueField(entry)), valueShape, out);
        }
        out.endObject();
    }

    private static FieldDescriptor valueField(MapEntry<?, ?> entry) {
        return entry.getDescriptorForType().findFieldByNumber(2);
    }

    private static void single(Object value, FieldShape shape, JsonOut out) {
        switch (shape.form) {
            case TEXT -> out.value((String) value);
            case EMBEDDED_JSON -> EmbeddedJson.write((String) value, out);
            case BOOLEAN -> out.value((boolean) value);
            case WHOLE_32 -> out.value((long) (int) value);
            case UNSIGNED_32 -> out.value(Integer.toUnsignedLong((int) value));
            case WHOLE_64 -> out.value((long) value);
            case UNSIGNED_64 -> out.json(Long.toUnsignedString((long) value));
            case DOLLARS -> out.dollars((long) value);
            case FLOATING -> floating((Number) value, shape, out);
            case WORD -> word((EnumValueDescriptor) value, shape, out);
            case BASE64 ->
                    out.value(
                            Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
            case TIMESTAMP -> out.value(Times.timestamp((Message) value));
            case DURATION -> out.value(Times.duration((Message) value));
            case MESSAGE -> write((Message) value, out);
        }
    }

    private static void floating(Number value, FieldShape shape, JsonOut out) {
        if (shape.isFloat() && Float.isFinite(value.floatValue())) {
            out.json(Float.toString(value.floatValue()));
        } else {
            out.value(value.doubleValue());
        }
    }

    /// A number that this version has no word for is shown as it is.
    private static void word(EnumValueDescriptor value, FieldShape shape, JsonOut out) {
        String word = shape.words.get(value.getNumber());
        out.value(word == null ? Integer.toString(value.getNumber()) : word);
    }
}
