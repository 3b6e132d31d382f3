package dev.tandem.edge.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import dev.tandem.edge.json.FieldShape;
import dev.tandem.edge.json.MessageShape;
import dev.tandem.edge.json.ProtoJson.Nulls;
import dev.tandem.rpc.FieldBounds;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Schemas of the contract's messages, as the JSON dialect shows them. Messages and enums that are
/// asked for become components.
final class MessageSchemas {
    private static final String COMPONENTS = "#/components/schemas/";

    private final Comments comments;
    private final Map<String, ObjectNode> components = new TreeMap<>();

    MessageSchemas(Comments comments) {
        this.comments = comments;
    }

    /// What [#answer] and [#request] have asked for, by name.
    Map<String, ObjectNode> components() {
        return components;
    }

    /// A message that the server writes: fields without presence are always there.
    ObjectNode answer(Descriptor type) {
        return component(
                type.getName(),
                () -> {
                    ObjectNode schema = object(type);
                    if (MessageShape.of(type).isList()) {
                        schema.withObject("properties").putObject("object").put("const", "list");
                        schema.withArray("required").add("object");
                    }
                    for (FieldShape field : MessageShape.of(type).inOrder()) {
                        schema.withObject("properties").set(field.name(), field(field));
                        if (field.isAlwaysWritten()) {
                            schema.withArray("required").add(field.name());
                        }
                    }
                    type.getRealOneofs().forEach(choice -> oneOf(choice, schema));
                    return schema;
                });
    }

    /// A message that the server reads: what it does not know it refuses.
    ///
    /// @param elsewhere the fields that the path holds
    ObjectNode request(Descriptor type, Collection<String> elsewhere, Nulls nulls) {
        return component(
                type.getName(),
                () -> {
                    ObjectNode schema = object(type);
                    for (FieldShape field : MessageShape.of(type).inOrder()) {
                        if (!elsewhere.contains(field.name())) {
                            ObjectNode property = field(field);
                            if (nulls == Nulls.CLEAR && field.isOptionalText()) {
                                property.putArray("type").add("string").add("null");
                            }
                            schema.withObject("properties").set(field.name(), property);
                            if (FieldBounds.require(field.field())) {
                                schema.withArray("required").add(field.name());
                            }
                        }
                    }
                    return schema.put("additionalProperties", false);
                });
    }

    /// Whether a request cannot be empty.
    boolean needsFields(Descriptor type, Collection<String> elsewhere) {
        return MessageShape.of(type).inOrder().stream()
                .filter(field -> !elsewhere.contains(field.name()))
                .anyMatch(field -> FieldBounds.require(field.field()));
    }

    /// One field, with what there is to say about it.
    ObjectNode field(FieldShape shape) {
        Optional<FieldShape> value = shape.mapValue();
        ObjectNode single = single(value.orElse(shape));
        BoundsKeywords.value(FieldBounds.of(shape.field()), single);
        if (value.isPresent()) {
            return describe(shape, map(shape, single));
        }
        return shape.field().isRepeated() ? list(shape, single) : describe(shape, single);
    }

    /// A repeated field with elements that are described elsewhere.
    ObjectNode list(FieldShape shape, ObjectNode elements) {
        ObjectNode list = typed("array");
        list.set("items", elements);
        BoundsKeywords.list(FieldBounds.of(shape.field()), list);
        return describe(shape, list);
    }

    private static ObjectNode map(FieldShape shape, ObjectNode values) {
        ObjectNode map = typed("object");
        map.set("additionalProperties", values);
        BoundsKeywords.map(FieldBounds.of(shape.field()), map);
        return map;
    }

    private ObjectNode describe(FieldShape shape, ObjectNode schema) {
        String text = Wording.rest(comments.of(shape.field()), shape);
        return text.isEmpty() ? schema : schema.put("description", text);
    }

    private ObjectNode single(FieldShape shape) {
        return switch (shape.form()) {
            case TEXT -> typed("string");
            case EMBEDDED_JSON -> JsonNodeFactory.instance.objectNode();
            case BOOLEAN -> typed("boolean");
            case WHOLE_32 -> typed("integer").put("format", "int32");
            case WHOLE_64 -> typed("integer").put("format", "int64");
            case UNSIGNED_32, UNSIGNED_64 -> typed("integer").put("minimum", 0);
            case DOLLARS -> typed("number");
            case FLOATING -> typed("number").put("format", "double");
            case WORD -> words(shape);
            case BASE64 -> typed("string").put("contentEncoding", "base64");
            case TIMESTAMP -> typed("string").put("format", "date-time");
            case DURATION -> typed("string").put("pattern", "^-?[0-9]+(\\.[0-9]+)?s$");
            case MESSAGE -> answer(shape.field().getMessageType());
        };
    }

    private ObjectNode words(FieldShape shape) {
        EnumDescriptor type = shape.field().getEnumType();
        return component(
                type.getName(),
                () -> {
                    ObjectNode schema = typed("string");
                    ArrayNode words = schema.putArray("enum");
                    StringBuilder text = new StringBuilder(comments.of(type));
                    for (EnumValueDescriptor value : type.getValues()) {
                        String word = shape.words().getOrDefault(value.getNumber(), "");
                        words.add(word);
                        String comment = Wording.rest(comments.of(value));
                        text.append("\n- `").append(word).append("`: ").append(comment);
                    }
                    return schema.put("description", text.toString());
                });
    }

    private ObjectNode object(Descriptor type) {
        return typed("object").put("description", Wording.rest(comments.of(type)));
    }

    /// Each choice names its property again: linters look for it there.
    private static void oneOf(OneofDescriptor oneof, ObjectNode schema) {
        ArrayNode choices = schema.putArray("oneOf");
        for (FieldDescriptor field : oneof.getFields()) {
            ObjectNode choice = choices.addObject();
            choice.putArray("required").add(field.getName());
            choice.putObject("properties").putObject(field.getName());
        }
    }

    private interface Maker {
        ObjectNode make();
    }

    private ObjectNode component(String name, Maker maker) {
        if (!components.containsKey(name)) {
            components.put(name, typed("object"));
            components.put(name, maker.make());
        }
        return JsonNodeFactory.instance.objectNode().put("$ref", COMPONENTS + name);
    }

    private static ObjectNode typed(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }
}
