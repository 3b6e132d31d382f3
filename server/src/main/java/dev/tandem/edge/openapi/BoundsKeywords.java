package dev.tandem.edge.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.v1.Bounds;

/// Bounds of the contract as keywords of JSON Schema.
final class BoundsKeywords {
    private BoundsKeywords() {}

    /// Bounds of a single value, which `schema` is the schema of.
    static void value(Bounds bounds, ObjectNode schema) {
        if (bounds.getNotBlank()) {
            schema.put("minLength", 1).put("pattern", "\\S");
        }
        if (bounds.hasMinChars()) {
            schema.put("minLength", bounds.getMinChars());
        }
        if (bounds.hasMaxChars()) {
            schema.put("maxLength", bounds.getMaxChars());
        }
        if (bounds.hasPattern()) {
            schema.put("pattern", bounds.getPattern());
        }
        if (bounds.hasMin()) {
            number("minimum", bounds.getMin(), schema);
        }
        if (bounds.hasMax()) {
            number("maximum", bounds.getMax(), schema);
        }
        if (bounds.getOneOfCount() > 0) {
            bounds.getOneOfList().forEach(schema.putArray("enum")::add);
        }
    }

    /// Bounds of how many values a list has.
    static void list(Bounds bounds, ObjectNode schema) {
        count(bounds, "minItems", "maxItems", schema);
    }

    /// Bounds of how many entries a map has.
    static void map(Bounds bounds, ObjectNode schema) {
        count(bounds, "minProperties", "maxProperties", schema);
    }

    private static void count(Bounds bounds, String min, String max, ObjectNode schema) {
        if (bounds.hasMinItems()) {
            schema.put(min, bounds.getMinItems());
        }
        if (bounds.hasMaxItems()) {
            schema.put(max, bounds.getMaxItems());
        }
    }

    private static void number(String keyword, double bound, ObjectNode schema) {
        if (bound == Math.rint(bound)) {
            schema.put(keyword, (long) bound);
        } else {
            schema.put(keyword, bound);
        }
    }
}
