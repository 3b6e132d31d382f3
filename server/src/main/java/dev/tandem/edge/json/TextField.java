package dev.tandem.edge.json;

import com.google.protobuf.Message;
import dev.tandem.failure.Failure;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads a field from a text that is not JSON: a query parameter, a part of a path.
final class TextField {
    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9][0-9]{0,18})(\\.[0-9]{1,18})?");

    private TextField() {}

    static boolean read(String name, String text, Message.Builder into) {
        Optional<FieldShape> shape = MessageShape.of(into.getDescriptorForType()).field(name);
        if (shape.isEmpty() || !shape.get().fitsIntoText()) {
            return false;
        }
        refuseSecond(shape.get(), into);
        String json = "{" + quoted(name) + ":" + asJson(shape.get(), text) + "}";
        Message.Builder one = into.getDefaultInstanceForType().newBuilderForType();
        ProtoJson.read(json.getBytes(StandardCharsets.UTF_8), one, ProtoJson.Nulls.ABSENT);
        into.mergeFrom(one.build());
        return true;
    }

    private static void refuseSecond(FieldShape shape, Message.Builder into) {
        boolean set =
                !shape.field.isRepeated()
                        && shape.field.hasPresence()
                        && into.hasField(shape.field);
        if (set) {
            throw Failure.invalid(shape.name, shape.name + " must be given once.");
        }
    }

    /// Texts that are not of the field's kind become JSON strings, which the reader refuses.
    private static String asJson(FieldShape shape, String text) {
        String value =
                switch (shape.form) {
                    case BOOLEAN ->
                            text.equals("true") || text.equals("false") ? text : quoted(text);
                    case WHOLE_32, UNSIGNED_32, WHOLE_64, UNSIGNED_64, DOLLARS, FLOATING ->
                            number(shape, text);
                    case EMBEDDED_JSON -> embedded(shape, text);
                    // a time has no spaces: this was the + of +01:00, which a query decodes to one
                    case TIMESTAMP -> quoted(text.replace(' ', '+'));
                    case TEXT, WORD, BASE64, DURATION, MESSAGE -> quoted(text);
                };
        return shape.field.isRepeated() ? "[" + value + "]" : value;
    }

    private static String number(FieldShape shape, String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw Failure.invalid(
                    shape.name, shape.name + " must be a number, was \"" + text + "\".");
        }
        return text;
    }

    private static String embedded(FieldShape shape, String text) {
        if (!EmbeddedJson.isJson(text)) {
            throw Failure.invalid(shape.name, shape.name + " must be JSON.");
        }
        return text;
    }

    private static String quoted(String text) {
        return new JsonOut().value(text).toString();
    }
}
