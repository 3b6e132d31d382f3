package dev.tandem.edge.json;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One field of a message, as the dialect shows it.
public final class FieldShape {
    private static final String MONEY = "_nanos";
    private static final String EMBEDDED = "_json";

    final FieldDescriptor field;
    final String name;
    final byte[] quotedName;
    final Form form;

    /// For enums: the words of the values by number, and the values by word.
    final Map<Integer, String> words = new TreeMap<>();

    final Map<String, EnumValueDescriptor> values = new HashMap<>();

    /// For maps: the shape of the values.
    final @Nullable FieldShape mapValue;

    /// How a single value of the field is written.
    public enum Form {
        TEXT,
        EMBEDDED_JSON,
        BOOLEAN,
        WHOLE_32,
        UNSIGNED_32,
        WHOLE_64,
        UNSIGNED_64,
        DOLLARS,
        FLOATING,
        WORD,
        BASE64,
        TIMESTAMP,
        DURATION,
        MESSAGE
    }

    FieldShape(FieldDescriptor field) {
        this(field, field.getName());
    }

    private FieldShape(FieldDescriptor field, String protoName) {
        FieldDescriptor value =
                field.isMapField() ? field.getMessageType().findFieldByNumber(2) : field;
        this.field = field;
        this.form = form(value, protoName);
        this.name = shownName(protoName, form);
        this.quotedName = JsonOut.quotedName(name);
        this.mapValue = field.isMapField() ? new FieldShape(value, protoName) : null;
        if (form == Form.WORD) {
            nameValues(value);
        }
    }

    /// Its name in JSON.
    public String name() {
        return name;
    }

    /// The field as the contract describes it.
    public FieldDescriptor field() {
        return field;
    }

    public Form form() {
        return form;
    }

    /// For enums: the words of the values, by number.
    public Map<Integer, String> words() {
        return Collections.unmodifiableMap(words);
    }

    /// For maps: the shape of the values.
    public Optional<FieldShape> mapValue() {
        return Optional.ofNullable(mapValue);
    }

    /// Whether it is written also when it holds nothing.
    public boolean isAlwaysWritten() {
        return !field.hasPresence();
    }

    /// Whether a query parameter or a part of a path can hold it.
    public boolean fitsIntoText() {
        return form != Form.MESSAGE && mapValue == null;
    }

    private static Form form(FieldDescriptor value, String name) {
        return switch (value.getType()) {
            case STRING -> name.endsWith(EMBEDDED) ? Form.EMBEDDED_JSON : Form.TEXT;
            case BOOL -> Form.BOOLEAN;
            case INT32, SINT32, SFIXED32 -> Form.WHOLE_32;
            case UINT32, FIXED32 -> Form.UNSIGNED_32;
            case INT64, SINT64, SFIXED64 -> name.endsWith(MONEY) ? Form.DOLLARS : Form.WHOLE_64;
            case UINT64, FIXED64 -> Form.UNSIGNED_64;
            case DOUBLE, FLOAT -> Form.FLOATING;
            case ENUM -> Form.WORD;
            case BYTES -> Form.BASE64;
            case MESSAGE, GROUP -> messageForm(value.getMessageType());
        };
    }

    private static Form messageForm(Descriptor type) {
        return switch (type.getFullName()) {
            case "google.protobuf.Timestamp" -> Form.TIMESTAMP;
            case "google.protobuf.Duration" -> Form.DURATION;
            default -> Form.MESSAGE;
        };
    }

    private static String shownName(String name, Form form) {
        return switch (form) {
            case DOLLARS -> name.substring(0, name.length() - MONEY.length());
            case EMBEDDED_JSON -> name.substring(0, name.length() - EMBEDDED.length());
            case TEXT,
                    BOOLEAN,
                    WHOLE_32,
                    UNSIGNED_32,
                    WHOLE_64,
                    UNSIGNED_64,
                    FLOATING,
                    WORD,
                    BASE64,
                    TIMESTAMP,
                    DURATION,
                    MESSAGE ->
                    name;
        };
    }

    /// `RunState.RUN_STATE_RUNNING` is shown as `running`.
    private void nameValues(FieldDescriptor value) {
        String prefix = prefix(value.getEnumType().getName());
        for (EnumValueDescriptor constant : value.getEnumType().getValues()) {
            String full = constant.getName();
            String word = full.startsWith(prefix) ? full.substring(prefix.length()) : full;
            words.put(constant.getNumber(), word.toLowerCase(Locale.ROOT));
            values.put(word.toLowerCase(Locale.ROOT), constant);
        }
    }

    private static String prefix(String enumName) {
        String snake = enumName.replaceAll("([a-z0-9])([A-Z])", "$1_$2");
        return snake.toUpperCase(Locale.ROOT) + "_";
    }

    /// Whether null can clear it.
    public boolean isOptionalText() {
        return field.getJavaType() == JavaType.STRING && field.hasPresence() && !field.isRepeated();
    }

    boolean isFloat() {
        return field.getJavaType() == JavaType.FLOAT;
    }
}
