package dev.tandem.rpc;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.tandem.v1.Bounds;
import dev.tandem.v1.BoundsOuterClass;

/// What the contract says that a field may hold.
public final class FieldBounds {
    private FieldBounds() {}

    /// The bounds of a field; without any where it has none.
    public static Bounds of(FieldDescriptor field) {
        return field.getOptions().getExtension(BoundsOuterClass.bounds);
    }

    /// Whether a request that lacks the field breaks a bound.
    public static boolean require(FieldDescriptor field) {
        Bounds bounds = of(field);
        if (field.isRepeated()) {
            return bounds.getMinItems() > 0;
        }
        boolean refusesNothing =
                bounds.getNotBlank()
                        || bounds.getMinChars() > 0
                        || bounds.hasPattern()
                        || bounds.getOneOfCount() > 0;
        return !field.hasPresence() && refusesNothing;
    }
}
