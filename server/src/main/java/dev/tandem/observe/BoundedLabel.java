package dev.tandem.observe;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A label whose values come from outside: after so many different ones the rest is `other`, so
/// that no caller can fill the memory with series.
final class BoundedLabel {
    private static final String OTHER = "other";

    private final int valuesMax;
    private final Set<String> values = ConcurrentHashMap.newKeySet();

    BoundedLabel(int valuesMax) {
        this.valuesMax = valuesMax;
    }

    /// The value itself, or `other`. Under a race a few more than the bound may pass.
    String of(String value) {
        if (values.contains(value)) {
            return value;
        }
        if (values.size() >= valuesMax) {
            return OTHER;
        }
        values.add(value);
        return value;
    }
}
