package dev.tandem.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Messages in the JSON of REST as the contract describes it, written a second time so that the
/// server's own writer has somebody to disagree with.
final class RestJson {
    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String NANOS = "_nanos";
    private static final String EMBEDDED = "_json";

    private RestJson() {}

    static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /// A message with every field, also those that hold nothing, unless they are `optional`.
    static ObjectNode of(Message message) {
        ObjectNode json = NODES.objectNode();
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (field.hasPresence() && !message.hasField(field)) {
                continue;
            }
            Object value = message.getField(field);
            json.set(name(field), value(field, value));
        }
        if (isList(message)) {
            json.put("object", "list");
        }
        return json;
    }

    private static boolean isTime(Message message) {
        return message.getDescriptorForType()
                .getFullName()
                .equals(Timestamp.getDescriptor().getFullName());
    }

    private static Instant time(Message timestamp) {
        try {
            Timestamp time = Timestamp.parseFrom(timestamp.toByteString());
            return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
        } catch (InvalidProtocolBufferException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static boolean isList(Message message) {
        return message.getDescriptorForType().findFieldByName("has_more") != null;
    }

    static String name(FieldDescriptor field) {
        String name = field.getName();
        if (isEmbedded(field)) {
            return name.substring(0, name.length() - EMBEDDED.length());
        }
        return name.endsWith(NANOS) ? name.substring(0, name.length() - NANOS.length()) : name;
    }

    /// Whether a text is shown as the JSON that it holds.
    private static boolean isEmbedded(FieldDescriptor field) {
        return field.getType() == FieldDescriptor.Type.STRING && field.getName().endsWith(EMBEDDED);
    }

    /// The name and the value of a field, as a request has them.
    static void put(FieldDescriptor field, Object value, ObjectNode into) {
        into.set(name(field), value(field, value));
    }

    private static JsonNode value(FieldDescriptor field, Object value) {
        if (field.isMapField()) {
            return map(field, value);
        }
        return field.isRepeated() ? list(field, value) : one(field, value);
    }

    private static ObjectNode map(FieldDescriptor field, Object entries) {
        ObjectNode object = NODES.objectNode();
        if (entries instanceof List<?> all) {
            for (Object entry : all) {
                Message pair = (Message) entry;
                FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
                FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
                object.set(pair.getField(key).toString(), one(value, pair.getField(value)));
            }
        }
        return object;
    }

    private static ArrayNode list(FieldDescriptor field, Object values) {
        ArrayNode array = NODES.arrayNode();
        if (values instanceof List<?> all) {
            all.forEach(value -> array.add(one(field, value)));
        }
        return array;
    }

    private static JsonNode one(FieldDescriptor field, Object value) {
        return switch (value) {
            case Message time when isTime(time) -> NODES.textNode(time(time).toString());
            case Message message -> of(message);
            case EnumValueDescriptor word ->
                    NODES.textNode(
                            word.getName()
                                    .substring(word.getName().lastIndexOf('_') + 1)
                                    .toLowerCase(Locale.ROOT));
            case Long number when field.getName().endsWith(NANOS) -> dollars(number);
            case Long number -> NODES.numberNode(number);
            case Integer number -> NODES.numberNode(number);
            case Double number -> NODES.numberNode(number);
            case Boolean flag -> NODES.booleanNode(flag);
            case String json when isEmbedded(field) -> read(json);
            default -> NODES.textNode(value.toString());
        };
    }

    private static JsonNode dollars(long nanos) {
        return DecimalNode.valueOf(BigDecimal.valueOf(nanos, 9));
    }

    /// The same JSON, with numbers that are equal written alike.
    static JsonNode settled(JsonNode json) {
        if (json instanceof ObjectNode object) {
            ObjectNode copy = NODES.objectNode();
            object.properties().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(entry -> copy.set(entry.getKey(), settled(entry.getValue())));
            return copy;
        }
        if (json instanceof ArrayNode array) {
            ArrayNode copy = NODES.arrayNode();
            array.forEach(element -> copy.add(settled(element)));
            return copy;
        }
        return json.isNumber()
                ? NODES.textNode(
                        "number " + json.decimalValue().stripTrailingZeros().toPlainString())
                : json;
    }
}
