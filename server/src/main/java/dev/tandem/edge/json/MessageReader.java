package dev.tandem.edge.json;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import dev.tandem.edge.json.ProtoJson.Nulls;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;

/// Reads messages from the place where a reader stands.
final class MessageReader {
    private static final long UNSIGNED_32_MAX = 0xffff_ffffL;

    private final JsonIn in;
    private final Nulls nulls;

    MessageReader(JsonIn in, Nulls nulls) {
        this.in = in;
        this.nulls = nulls;
    }

    void read(Message.Builder into) {
        MessageShape shape = MessageShape.of(into.getDescriptorForType());
        in.enterObject();
        while (in.nextKey()) {
            FieldShape field = shape.field(in.key()).orElseThrow(() -> unknown(shape));
            if (in.isNull()) {
                nothing(field, into);
            } else {
                field(field, into);
            }
        }
    }

    private RuntimeException unknown(MessageShape shape) {
        List<String> known = List.copyOf(new TreeSet<>(shape.byName().keySet()));
        return in.failure("is not a known field; known are " + String.join(", ", known));
    }

    private void nothing(FieldShape field, Message.Builder into) {
        if (nulls == Nulls.CLEAR && field.isOptionalText()) {
            into.setField(field.field, "");
        }
    }

    private void field(FieldShape shape, Message.Builder into) {
        OneofDescriptor choice = shape.field.getRealContainingOneof();
        if (choice != null && into.hasOneof(choice)) {
            throw in.failure("excludes the other fields of its kind, one of which is set already");
        }
        if (shape.mapValue != null) {
            map(shape, shape.mapValue, into);
        } else if (shape.field.isRepeated()) {
            list(shape, into);
        } else {
            into.setField(shape.field, single(shape, into));
        }
    }

    private void list(FieldShape shape, Message.Builder into) {
        in.enterArray();
        while (in.nextElement()) {
            into.addRepeatedField(shape.field, single(shape, into));
        }
    }

    private void map(FieldShape shape, FieldShape valueShape, Message.Builder into) {
        FieldDescriptor keyField = shape.field.getMessageType().findFieldByNumber(1);
        in.enterObject();
        while (in.nextKey()) {
            Message.Builder entry = into.newBuilderForField(shape.field);
            entry.setField(keyField, mapKey(keyField));
            entry.setField(valueShape.field, single(valueShape, entry));
            into.addRepeatedField(shape.field, entry.build());
        }
    }

    private Object mapKey(FieldDescriptor keyField) {
        String key = in.key();
        try {
            return switch (keyField.getJavaType()) {
                case STRING -> key;
                case INT -> Integer.valueOf(key);
                case LONG -> Long.valueOf(key);
                case BOOLEAN -> Boolean.valueOf(key);
                case FLOAT, DOUBLE, BYTE_STRING, ENUM, MESSAGE ->
                        throw new IllegalStateException("not a map key: " + keyField);
            };
        } catch (NumberFormatException malformed) {
            throw in.failure("must have a whole number as its key");
        }
    }

    private Object single(FieldShape shape, Message.Builder parent) {
        return switch (shape.form) {
            case TEXT -> in.string();
            case EMBEDDED_JSON -> in.json();
            case BOOLEAN -> in.bool();
            case WHOLE_32 -> (int) in.whole(Integer.MIN_VALUE, Integer.MAX_VALUE);
            case UNSIGNED_32 -> (int) in.whole(0, UNSIGNED_32_MAX);
            case WHOLE_64 -> in.int64();
            case UNSIGNED_64 -> in.whole(0, Long.MAX_VALUE);
            case DOLLARS -> in.dollars();
            case FLOATING -> floating(shape);
            case WORD -> word(shape);
            case BASE64 -> base64();
            case TIMESTAMP, DURATION -> time(shape, parent);
            case MESSAGE -> message(shape, parent);
        };
    }

    private Object message(FieldShape shape, Message.Builder parent) {
        Message.Builder builder = parent.newBuilderForField(shape.field);
        read(builder);
        return builder.build();
    }

    private Object floating(FieldShape shape) {
        double number = in.float64();
        if (shape.isFloat()) {
            return (float) number;
        }
        return number;
    }

    private EnumValueDescriptor word(FieldShape shape) {
        EnumValueDescriptor value = shape.values.get(in.string());
        if (value == null) {
            List<String> words = List.copyOf(new TreeSet<>(shape.values.keySet()));
            throw in.failure("must be one of " + String.join(", ", words));
        }
        return value;
    }

    private ByteString base64() {
        try {
            return ByteString.copyFrom(Base64.getDecoder().decode(in.string()));
        } catch (IllegalArgumentException malformed) {
            throw in.failure("must be base64");
        }
    }

    private Object time(FieldShape shape, Message.Builder parent) {
        boolean isTimestamp = shape.form == FieldShape.Form.TIMESTAMP;
        Message.Builder builder = parent.newBuilderForField(shape.field);
        String text = in.string();
        boolean fits =
                isTimestamp
                        ? Times.readTimestamp(text, builder)
                        : Times.readDuration(text, builder);
        if (!fits) {
            throw in.failure(
                    isTimestamp
                            ? "must be a time such as 2026-01-31T12:00:00Z"
                            : "must be a duration such as 1.5s");
        }
        return builder.build();
    }
}
