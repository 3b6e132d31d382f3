package dev.tandem.rpc;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import dev.tandem.failure.Violation;
import dev.tandem.v1.Bounds;
import java.util.List;

/// Holds one field of a message against its bounds, and what it holds against theirs.
final class FieldCheck {
    private static final int KEY_SHOWN_MAX = 100;

    private final FieldDescriptor field;
    private final Bounds bounds;
    private final ValueCheck values;

    FieldCheck(FieldDescriptor field) {
        this.field = field;
        this.bounds = FieldBounds.of(field);
        this.values = new ValueCheck(bounds);
    }

    /// @param within where the message stands, with a dot at its end; empty for the request itself
    void check(Message message, String within, List<Violation> found) {
        if (field.isRepeated()) {
            elements((List<?>) message.getField(field), within + field.getName(), found);
        } else if (!field.hasPresence() || message.hasField(field)) {
            value(message.getField(field), within + field.getName(), found);
        }
    }

    private void elements(List<?> elements, String path, List<Violation> found) {
        count(elements.size(), path, found);
        for (int i = 0; i < elements.size() && found.size() < BoundsCheck.VIOLATIONS_MAX; i++) {
            if (elements.get(i) instanceof MapEntry<?, ?> entry) {
                value(entry.getValue(), path + "." + shown(entry.getKey()), found);
            } else {
                value(elements.get(i), path + "[" + i + "]", found);
            }
        }
    }

    private void count(int size, String path, List<Violation> found) {
        if (size < bounds.getMinItems()) {
            items("at least", bounds.getMinItems(), size, path, found);
        } else if (bounds.hasMaxItems() && size > bounds.getMaxItems()) {
            items("at most", bounds.getMaxItems(), size, path, found);
        }
    }

    private static void items(
            String which, int bound, int size, String path, List<Violation> found) {
        String unit = bound == 1 ? " item" : " items";
        add(path, "must have " + which + " " + bound + unit + ", has " + size, found);
    }

    private void value(Object value, String path, List<Violation> found) {
        if (field.getJavaType() == JavaType.MESSAGE && value instanceof Message message) {
            BoundsCheck.of(message.getDescriptorForType()).check(message, path + ".", found);
        } else {
            values.complaint(value).ifPresent(complaint -> add(path, complaint, found));
        }
    }

    private static void add(String path, String complaint, List<Violation> found) {
        found.add(new Violation(path, path + " " + complaint + "."));
    }

    private static String shown(Object key) {
        String text = String.valueOf(key);
        return text.length() <= KEY_SHOWN_MAX ? text : text.substring(0, KEY_SHOWN_MAX) + "…";
    }
}
