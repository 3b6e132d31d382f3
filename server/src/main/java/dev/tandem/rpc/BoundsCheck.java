package dev.tandem.rpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import dev.tandem.failure.Failure;
import dev.tandem.failure.Violation;
import dev.tandem.v1.Bounds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Holds requests against the bounds that the contract states. Made once for each message type, of
/// the fields that have bounds or hold messages that do: nothing else is looked at.
final class BoundsCheck {
    /// As many violations are told at once; whoever has more has a mistake in common to them.
    static final int VIOLATIONS_MAX = 10;

    private static final Map<Descriptor, BoundsCheck> CHECKS = new ConcurrentHashMap<>();

    private final List<FieldCheck> fields;

    private BoundsCheck(Descriptor type) {
        this.fields =
                type.getFields().stream()
                        .filter(field -> isBounded(field, new HashSet<>()))
                        .map(FieldCheck::new)
                        .toList();
    }

    static BoundsCheck of(Descriptor type) {
        BoundsCheck known = CHECKS.get(type);
        return known != null ? known : CHECKS.computeIfAbsent(type, BoundsCheck::new);
    }

    /// @throws Failure INVALID_REQUEST with every violation, up to [#VIOLATIONS_MAX]
    static void check(Message request) {
        BoundsCheck check = of(request.getDescriptorForType());
        if (check.fields.isEmpty()) {
            return;
        }
        List<Violation> found = new ArrayList<>();
        check.check(request, "", found);
        if (!found.isEmpty()) {
            throw Failure.invalid(found);
        }
    }

    void check(Message message, String within, List<Violation> found) {
        for (FieldCheck field : fields) {
            if (found.size() < VIOLATIONS_MAX) {
                field.check(message, within, found);
            }
        }
    }

    private static boolean isBounded(FieldDescriptor field, Set<Descriptor> seen) {
        if (!FieldBounds.of(field).equals(Bounds.getDefaultInstance())) {
            return true;
        }
        return field.getJavaType() == JavaType.MESSAGE
                && seen.add(field.getMessageType())
                && field.getMessageType().getFields().stream()
                        .anyMatch(inner -> isBounded(inner, seen));
    }
}
