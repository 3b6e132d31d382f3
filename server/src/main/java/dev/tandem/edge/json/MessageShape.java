package dev.tandem.edge.json;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The fields of a message type, as the dialect shows them. Made once for each type.
///
/// @param inOrder in the order of the contract
/// @param isList whether it is a page of a list, which says so
public record MessageShape(
        List<FieldShape> inOrder, Map<String, FieldShape> byName, boolean isList) {
    private static final Map<Descriptor, MessageShape> SHAPES = new ConcurrentHashMap<>();

    public static MessageShape of(Descriptor type) {
        MessageShape known = SHAPES.get(type);
        return known != null ? known : SHAPES.computeIfAbsent(type, MessageShape::read);
    }

    Optional<FieldShape> field(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    private static MessageShape read(Descriptor type) {
        List<FieldShape> fields = type.getFields().stream().map(FieldShape::new).toList();
        Map<String, FieldShape> byName = new HashMap<>();
        for (FieldShape field : fields) {
            if (byName.put(field.name, field) != null) {
                throw new IllegalArgumentException(
                        type.getFullName() + " has two fields that JSON calls " + field.name);
            }
        }
        return new MessageShape(fields, Map.copyOf(byName), isList(type));
    }

    private static boolean isList(Descriptor type) {
        FieldDescriptor data = type.findFieldByName("data");
        return data != null && data.isRepeated() && type.findFieldByName("has_more") != null;
    }
}
